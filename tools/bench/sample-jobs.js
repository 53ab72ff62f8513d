// @ts-check

/**
 * A body of `GET /jobs`.
 *
 * @param {number} count
 */
export function sampleJobs(count) {
  const time = (/** @type {string} */ name) => ({
    [name]: '2026-11-23 17:21:52 +0000',
    [`${name}_ts`]: 1795454512,
  });
  const jobs = Array.from({ length: count }, (_, n) => ({
    name: `mirror-${n}`,
    is_master: true,
    status: 'success',
    ...time('last_update'),
    ...time('last_started'),
    ...time('last_ended'),
    ...time('next_schedule'),
    upstream: `rsync://upstream.example.org/mirror-${n}/`,
    size: '1.33T',
  }));
  return JSON.stringify(jobs);
}
