import type { JobConfig } from '../../../api/types.js';

/** A setting that is in force for a mirror. */
export type Setting = JobConfig['settings'][number];

/** The settings that a filter leaves. @param text - a part of key, value, source or file, in any case */
export function filterSettings(settings: readonly Setting[], text: string, onlyChanged: boolean): Setting[] {
  const wanted = text.trim().toLowerCase();
  return settings.filter((setting) => {
    if (onlyChanged && setting.source === 'default') return false;
    const { key, value, source, file = '' } = setting;
    return wanted === '' || [key, value, source, file].some((part) => part.toLowerCase().includes(wanted));
  });
}

/** Where a setting is written, such as `worker.conf:12`; undefined: nowhere. */
export function placeOf({ file, line }: Setting): string | undefined {
  if (file === undefined) return undefined;
  const name = file.slice(file.lastIndexOf('/') + 1);
  return line === undefined ? name : `${name}:${line}`;
}

/** Settings as lines of TOML that say where they are from. */
export function settingsText(settings: readonly Setting[]): string {
  return settings
    .map((setting) => {
      const { key, value, source, file, line } = setting;
      const place = file === undefined ? '' : ` ${file}${line === undefined ? '' : `:${line}`}`;
      return `${key} = ${value}  # ${source}${place}\n`;
    })
    .join('');
}
