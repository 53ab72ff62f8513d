import type { JobConfig } from '../../../api/types.js';

/** An active setting of a mirror. */
export type Setting = JobConfig['settings'][number];

/** Filters settings. @param text - a part of the key, value, source or file, in any case */
export function filterSettings(settings: readonly Setting[], text: string, onlyChanged: boolean): Setting[] {
  const wanted = text.trim().toLowerCase();
  return settings.filter((setting) => {
    if (onlyChanged && setting.source === 'default') return false;
    const { key, value, source, file = '' } = setting;
    return wanted === '' || [key, value, source, file].some((part) => part.toLowerCase().includes(wanted));
  });
}

/** The place of a setting, such as `worker.conf:12`; undefined for defaults. */
export function placeOf({ file, line }: Setting): string | undefined {
  if (file === undefined) return undefined;
  const name = file.slice(file.lastIndexOf('/') + 1);
  return line === undefined ? name : `${name}:${line}`;
}

/** Settings as lines of TOML, with their sources as comments. */
export function settingsText(settings: readonly Setting[]): string {
  return settings
    .map((setting) => {
      const { key, value, source, file, line } = setting;
      const place = file === undefined ? '' : ` ${file}${line === undefined ? '' : `:${line}`}`;
      return `${key} = ${value}  # ${source}${place}\n`;
    })
    .join('');
}
