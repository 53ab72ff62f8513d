/**
 * What the first stage of a two-stage sync leaves for the second: the index files that name the rest.
 * Source: `RSYNC_OPTIONS1` of the Debian mirror team's ftpsync
 * (https://salsa.debian.org/mirror-team/archvsync), as tunasync v0.10 has it.
 */
const profiles = new Map<string, readonly string[]>([
  [
    'debian',
    [
      '--include=*.diff/',
      '--include=by-hash/',
      '--exclude=*.diff/Index',
      '--exclude=Contents*',
      '--exclude=Packages*',
      '--exclude=Sources*',
      '--exclude=Release*',
      '--exclude=InRelease',
      '--exclude=i18n/*',
      '--exclude=dep11/*',
      '--exclude=installer-*/current',
      '--exclude=ls-lR*',
    ],
  ],
  [
    'debian-oldstyle',
    [
      '--exclude=Packages*',
      '--exclude=Sources*',
      '--exclude=Release*',
      '--exclude=InRelease',
      '--exclude=i18n/*',
      '--exclude=ls-lR*',
      '--exclude=dep11/*',
    ],
  ],
]);

/** Names that `stage1_profile` may have. */
export const stage1ProfileNames: readonly string[] = [...profiles.keys()];

/** The filters of a profile; undefined when there is none of that name. */
export function stage1Filters(profile: string): readonly string[] | undefined {
  return profiles.get(profile);
}
