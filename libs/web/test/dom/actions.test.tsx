/** @jest-environment ./test/dom/environment.js */
import { afterEach, describe, expect, test } from '@jest/globals';
import { act, screen, waitFor, within } from '@testing-library/react';
import type { ApiJob } from '../../site/api/types.js';
import { refusal, type FakeManager } from './fake-manager.js';
import { disabled, makeJob, minutesAgo, paused, syncing } from './fixtures.js';
import { closePages, openPage, type OpenPage } from './open-page.js';

afterEach(closePages);

/** Opens the page of the mirror `debian`. */
async function openMirror(more: Partial<ApiJob> = {}): Promise<OpenPage> {
  const page = await openPage('/mirrors/alpha/debian', {
    prepare: (manager) => {
      manager.jobs = [makeJob('debian', more)];
    },
  });
  await screen.findByRole('tab', { name: 'Now' });
  return page;
}

const button = (name: string): HTMLElement => screen.getByRole('button', { name });
const commands = ({ asked }: FakeManager): unknown[] =>
  asked.filter(({ path }) => path === '/api/commands').map(({ body }) => body);
const dialog = (name: string): Promise<HTMLElement> => screen.findByRole('dialog', { name });

/** Holds commands until the test answers them. */
function holdCommands(manager: FakeManager): (result: { ok: boolean; message: string }) => void {
  let answer: (result: { ok: boolean; message: string }) => void = () => undefined;
  const held = new Promise<{ ok: boolean; message: string }>((resolve) => (answer = resolve));
  manager.on('POST', /^\/api\/commands$/, async ({ body }) => {
    const result = await held;
    return { results: (body as { jobs: object[] }).jobs.map((job) => ({ ...job, ...result })) };
  });
  return answer;
}

describe('the actions of a mirror', () => {
  test.each<[string, Partial<ApiJob>, string[]]>([
    ['that is idle', {}, ['Start', 'Force start', 'Stop', 'Disable']],
    ['that is syncing', syncing, ['Stop', 'Restart', 'Disable']],
    ['that is paused', paused, ['Start', 'Force start', 'Disable']],
    ['that is disabled', disabled, ['Enable']],
  ])('%s', async (_, more, wanted) => {
    await openMirror(more);
    const words = screen.getAllByRole('button').map(({ textContent }) => textContent);
    expect(words.filter((word) => /^(Start|Force|Stop|Restart|Disable|Enable)/.test(word))).toEqual(wanted);
  });
});

describe('a start', () => {
  test('is sent without a question, shows that the worker is being asked, and then shows the answer', async () => {
    const { user, manager } = await openMirror();
    const answer = holdCommands(manager);
    await user.click(button('Start'));
    const asking = await screen.findByRole<HTMLButtonElement>('button', { name: 'Waiting for the worker …' });
    expect(asking.disabled).toBe(true);
    expect(screen.queryByRole('dialog')).toBeNull();
    // no result is shown before the answer
    expect(screen.queryByText(/^Start debian/)).toBeNull();
    answer({ ok: true, message: 'queued' });
    expect(await screen.findByText('Start debian: queued')).toBeDefined();
    expect(button('Start')).toBeDefined();
    expect(commands(manager)).toEqual([{ cmd: 'start', jobs: [{ worker: 'alpha', name: 'debian' }] }]);
  });

  test('is forced on demand', async () => {
    const { user, manager } = await openMirror();
    await user.click(button('Force start'));
    expect(await screen.findByText(/^Force start debian: /)).toBeDefined();
    expect(commands(manager)).toEqual([
      { cmd: 'start', force: true, jobs: [{ worker: 'alpha', name: 'debian' }] },
    ]);
  });

  test('shows a refusal by the worker until it is closed', async () => {
    const { user, manager } = await openMirror();
    const answer = holdCommands(manager);
    await user.click(button('Start'));
    answer({ ok: false, message: 'invalid mirror "debian"' });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Start debian was refused: invalid mirror "debian"');
    await user.click(within(alert).getByRole('button', { name: 'Close' }));
    await waitFor(() => {
      expect(screen.queryByRole('alert')).toBeNull();
    });
  });

  test('shows why the manager could not forward it', async () => {
    const { user, manager } = await openMirror();
    manager.on('POST', /^\/api\/commands$/, () => refusal(502, 'worker alpha is not reached'));
    await user.click(button('Start'));
    expect((await screen.findByRole('alert')).textContent).toContain(
      'Start debian was refused: worker alpha is not reached',
    );
  });

  test('shows that the manager cannot be reached', async () => {
    const { user, manager } = await openMirror();
    manager.on('POST', /^\/api\/commands$/, () => Promise.reject(new TypeError('fetch failed')));
    await user.click(button('Start'));
    expect((await screen.findByText(/was refused/)).textContent).toContain('no connection to the manager');
  });
});

describe('a question', () => {
  const running = { ...syncing, last_started: minutesAgo(192), progress: { percent: 64.4 } };

  test.each<[string, Partial<ApiJob>, string, string[]]>([
    [
      'Stop',
      running,
      'Stop debian?',
      ['It has been running for 3 h 12 min and is at 64 %.', 'Files already transferred are kept.'],
    ],
    ['Restart', running, 'Restart debian?', ['starts over. Files already transferred are kept.']],
    ['Disable', running, 'Disable debian?', ['The running sync is cancelled and the schedule ends.']],
    ['Stop', {}, 'Stop debian?', ['Nothing is running.']],
    ['Disable', {}, 'Disable debian?', ['The schedule ends.']],
  ])('of %s says what would be lost', async (action, more, title, words) => {
    const { user, manager } = await openMirror(more);
    await user.click(button(action));
    const question = await dialog(title);
    for (const word of words) expect(question.textContent).toContain(word);
    expect(commands(manager)).toEqual([]);
    await user.click(within(question).getByRole('button', { name: action }));
    expect(await screen.findByText(new RegExp(`^${action} debian: OK`))).toBeDefined();
    expect(commands(manager)).toMatchObject([{ cmd: action.toLowerCase() }]);
  });

  test.each(['Cancel', 'Close'])('changes nothing when it is answered with %s', async (answer) => {
    const { user, manager } = await openMirror(running);
    await user.click(button('Stop'));
    await user.click(within(await dialog('Stop debian?')).getByRole('button', { name: answer }));
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).toBeNull();
    });
    expect(commands(manager)).toEqual([]);
    expect(button('Stop')).toBeDefined();
  });

  test('puts the focus on Cancel', async () => {
    const { user } = await openMirror(running);
    await user.click(button('Stop'));
    const question = await dialog('Stop debian?');
    await waitFor(() => {
      expect(document.activeElement).toBe(within(question).getByRole('button', { name: 'Cancel' }));
    });
  });
});

describe('an action for many mirrors', () => {
  async function stopAll(count: number): Promise<OpenPage> {
    const page = await openPage('/mirrors?sort=name', {
      prepare: (manager) => {
        manager.jobs = Array.from({ length: count }, (_, index) =>
          makeJob(`m${String(index).padStart(3, '0')}`, index < 2 ? syncing : {}),
        );
      },
    });
    await screen.findByRole('link', { name: 'm000' });
    await page.user.click(screen.getByRole('checkbox', { name: 'Select all matching mirrors' }));
    await page.user.click(button('Stop'));
    return page;
  }

  test('asks with their names, and says how many are running', async () => {
    const { user } = await stopAll(12);
    const question = await dialog('Stop 12 mirrors?');
    expect(question.textContent).toContain('m000, m001, m002, m003, m004, m005, m006, m007, …');
    expect(question.textContent).toContain('2 of them are running.');
    await user.click(within(question).getByRole('button', { name: 'Cancel' }));
  });

  test('shows the answer of each, refusals first', async () => {
    const { user, manager } = await stopAll(3);
    manager.on('POST', /^\/api\/commands$/, () => ({
      results: [
        { worker: 'alpha', name: 'm000', ok: true, message: 'stopped' },
        { worker: 'alpha', name: 'm001', ok: true, message: 'stopped' },
        { worker: 'alpha', name: 'm002', ok: false, message: 'no such mirror' },
      ],
    }));
    await user.click(within(await dialog('Stop 3 mirrors?')).getByRole('button', { name: 'Stop' }));
    const answers = await dialog('Stop: Results');
    expect(await within(answers).findByText('2 of 3 done, 1 refused')).toBeDefined();
    const lines = within(answers)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent);
    expect(lines).toEqual(['m002 alpha no such mirror', 'm000 alpha stopped', 'm001 alpha stopped']);
    const [, close] = within(answers).getAllByRole('button', { name: 'Close' });
    await user.click(close!);
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).toBeNull();
    });
  });

  test('can be stopped, and counts the mirrors that were not sent', async () => {
    const { user, manager } = await stopAll(120);
    const answer = holdCommands(manager);
    await user.click(within(await dialog('Stop 120 mirrors?')).getByRole('button', { name: 'Stop' }));
    const answers = await dialog('Stop: Results');
    await user.click(within(answers).getByRole('button', { name: 'Stop sending' }));
    answer({ ok: true, message: 'stopped' });
    expect(await within(answers).findByText('50 of 120 done, 0 refused; 70 not sent')).toBeDefined();
    expect(commands(manager)).toHaveLength(1);
  });

  test('continues in the background, and reports the result', async () => {
    const { user, manager } = await stopAll(60);
    const answer = holdCommands(manager);
    await user.click(within(await dialog('Stop 60 mirrors?')).getByRole('button', { name: 'Stop' }));
    const answers = await dialog('Stop: Results');
    await user.click(within(answers).getByRole('button', { name: 'Continue in the background' }));
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).toBeNull();
    });
    act(() => {
      answer({ ok: true, message: 'stopped' });
    });
    expect(await screen.findByText('60 of 60 done, 0 refused')).toBeDefined();
    expect(commands(manager)).toHaveLength(2);
  });
});
