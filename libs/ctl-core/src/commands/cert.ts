import { InvalidArgumentError, type Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import type { InitFlags } from './cert/init-authority.js';
import type { IssueFlags } from './cert/issue-certificate.js';
import type { ShowFlags } from './cert/show-certificates.js';

const defaultFolder = './tunasync-ca';

/** `cert`: manages a private certificate authority and its certificates in local files. */
export function addCert(program: Command, context: CtlContext): void {
  const cert = program.command('cert').description('create and show the certificates of a site');
  cert
    .command('init')
    .description('create a private certificate authority')
    .argument('[folder]', 'folder for its certificate and key', defaultFolder)
    .option('--name <name>', 'name of the authority', 'tunasync CA')
    .option('--days <days>', 'days of validity', readDays, 3650)
    .action(async (folder: string, flags: InitFlags) => {
      const { initAuthority } = await import('./cert/init-authority.js');
      await initAuthority(folder, flags, context);
    });
  cert
    .command('issue')
    .description('create a key and a certificate signed by the authority')
    .argument('<name>', 'host name or address of the machine, or name of a client; also names the files')
    .option('--host <host...>', 'more host names and addresses of the machine')
    .option('--client', 'for a client such as tunasynctl, not usable by servers')
    .option('--renew', 'renew the certificate with the same key, hosts and use')
    .option('--days <days>', 'days of validity', readDays, 825)
    .option('--ca <folder>', 'folder of the authority', defaultFolder)
    .option('--out <folder>', 'folder for the files', '.')
    .action(async (name: string, flags: IssueFlags) => {
      const { issueCertificate } = await import('./cert/issue-certificate.js');
      await issueCertificate(name, flags, context);
    });
  cert
    .command('show')
    .description('show the certificates in a file, and check their key')
    .argument('<file>', 'certificates, PEM')
    .option(
      '--key <file>',
      'key of the first certificate (default: the one that issue created, if it exists)',
    )
    .action(async (file: string, flags: ShowFlags) => {
      const { showCertificates } = await import('./cert/show-certificates.js');
      await showCertificates(file, flags, context);
    });
}

function readDays(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= 36_500) return days;
  throw new InvalidArgumentError('expected a number from 1 to 36500.');
}
