import type { CtlConfig } from '../settings/types.js';

/** Values that win over the files, as flags do. */
export interface CtlOverrides {
  managerAddr?: string | undefined;
  managerPort?: number | undefined;
  caCertFile?: string | undefined;
}

/** What holds when nothing is said. */
export const ctlDefaults: CtlConfig = {
  managerAddr: 'localhost',
  managerPort: 14242,
  caCertFile: '',
  clientCert: undefined,
};
