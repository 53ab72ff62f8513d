const none: readonly string[] = [];

/**
 * A mirror's configuration in which nothing is set, to spread into the one that a test is about:
 * `const mirror: MirrorConfig = { ...plainMirror, name: 'debian' }`.
 */
export const plainMirror = {
  name: 'plain',
  provider: 'command',
  upstream: '',
  intervalMinutes: 60,
  retry: 2,
  timeoutSeconds: 0,
  workingDir: '/nonexistent/plain',
  logDir: '/nonexistent/log',
  isMaster: true,
  env: {},
  execOnSuccess: none,
  execOnFailure: none,
  successExitCodes: [] as readonly number[],
  command: '',
  failOnMatch: undefined,
  sizePattern: undefined,
  useIpv4: false,
  useIpv6: false,
  excludeFile: '',
  username: '',
  password: '',
  rsyncNoTimeout: false,
  rsyncTimeout: 0,
  globalRsyncOptions: none,
  rsyncOptions: none,
  rsyncOverride: none,
  rsyncOverrideOnly: false,
  stage1Profile: '',
  memoryLimit: 0,
  dockerImage: '',
  dockerVolumes: none,
  dockerOptions: none,
  snapshotPath: '',
  logKeep: 10,
  extra: {},
  fingerprint: 'plain',
};
