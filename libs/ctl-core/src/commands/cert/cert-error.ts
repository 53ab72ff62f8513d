import { CtlError } from '../../errors/errors.js';

/** `CTL_CERT`: a certificate or key cannot be created, written or read. */
export function certError(message: string, cause?: unknown): CtlError {
  return new CtlError('CTL_CERT', message, cause);
}

/** Returns the words of the operating system, without its code and call. */
export function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file or folder';
    case 'ENOTDIR':
      return 'a part of the path is no folder';
    case 'EACCES':
    case 'EPERM':
      return 'no permission';
    case 'EEXIST':
      return 'it is there already';
    case 'EISDIR':
      return 'it is a folder';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return message;
  }
}
