import type { z } from 'zod';
import { docOf, type KeyDoc } from '../document/key.js';
import { ctlTable } from './ctl-schema.js';
import { managerTables } from './manager-schema.js';
import { mirrorTable } from './mirror-schema.js';
import { workerTables } from './worker-schema.js';

/** A key of one of the files, for documentation. */
export interface ConfigKey extends KeyDoc {
  file: 'worker' | 'manager' | 'ctl';
  /** Dotted, for example `global.name`, `mirrors.name`, `manager_addr`. */
  key: string;
}

/** Every key that has an effect, in the order of the documentation. */
export function configKeys(): ConfigKey[] {
  const keys = (file: ConfigKey['file'], table: string, schema: z.ZodObject): ConfigKey[] =>
    Object.entries(schema.shape).map(([name, value]) => ({
      file,
      key: table === '' ? name : `${table}.${name}`,
      ...docOf(value as z.ZodType),
    }));
  return [
    ...Object.entries(workerTables).flatMap(([table, { schema }]) => keys('worker', table, schema)),
    ...keys('worker', 'mirrors', mirrorTable.schema),
    ...Object.entries(managerTables).flatMap(([table, { schema }]) => keys('manager', table, schema)),
    ...keys('ctl', '', ctlTable.schema),
  ];
}
