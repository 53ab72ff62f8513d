import type { JSX } from 'react';
import type { JobKey } from '../../api/types.js';
import { useTitle } from '../../shell/use-title.js';

/** The page of one mirror. */
export function MirrorPage({ name }: JobKey): JSX.Element {
  useTitle(name);
  return <h1>{name}</h1>;
}
