import { TunasyncError } from '@tunasync/protocol';

/** The failure of a command of tunasynctl. Its message is the line for standard error. */
export class CtlError extends TunasyncError {
  constructor(code: string, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
  }
}

/** `CTL_USAGE`: the command line is invalid. */
export class UsageError extends CtlError {
  constructor(message: string) {
    super('CTL_USAGE', message);
  }
}

/** `TEMPLATE_INVALID`: the `--format` template cannot be parsed or executed. */
export class TemplateError extends CtlError {
  constructor(message: string) {
    super('TEMPLATE_INVALID', `the template of --format is invalid: ${message}`);
  }
}
