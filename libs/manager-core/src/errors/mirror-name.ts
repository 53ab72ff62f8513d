import { nameProblem } from '@tunasync/protocol';
import { ManagerError } from './manager-error.js';

/** @throws ManagerError `NAME_INVALID` when a mirror cannot be called so */
export function checkMirrorName(name: string): void {
  if (name === '') throw new ManagerError('NAME_INVALID', 'mirror Name should not be empty');
  const problem = nameProblem(name);
  if (problem !== undefined) throw new ManagerError('NAME_INVALID', `mirror name ${problem}`);
}
