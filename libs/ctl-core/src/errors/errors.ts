import { TunasyncError } from '@tunasync/protocol';

/** A command of tunasynctl that did not succeed; the message is the line for standard error. */
export class CtlError extends TunasyncError {
  constructor(code: string, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
  }
}

/** `CTL_USAGE`: the command line makes no sense. */
export class UsageError extends CtlError {
  constructor(message: string) {
    super('CTL_USAGE', message);
  }
}

/** `TEMPLATE_INVALID`: the `--format` template cannot be read or carried out. */
export class TemplateError extends CtlError {
  constructor(message: string) {
    super('TEMPLATE_INVALID', `the template of --format is not right: ${message}`);
  }
}
