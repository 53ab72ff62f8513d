import { useCallback, useMemo, useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '../ui/use-notify.js';
import { ActionsContext, type Actions } from './actions-context.js';
import { AnswersDialog } from './answers-dialog.js';
import { ConfirmDialog } from './confirm-dialog.js';
import { asksFirst, keyOf, type ActionJob, type JobAction } from './job-action.js';
import { sendCommands } from './send-commands.js';
import { useBulk } from './use-bulk.js';

interface Question {
  action: JobAction;
  jobs: readonly ActionJob[];
  answer: (wanted: boolean) => void;
}

/** Provides {@link Actions} to its children, with the dialogs that they need. */
export function ActionsProvider({ children }: { children: ReactNode }): JSX.Element {
  const { t } = useTranslation();
  const notify = useNotify();
  const [question, setQuestion] = useState<Question>();
  const [bulk, sendMany] = useBulk();
  const [pending, setPending] = useState<Actions['pending']>(new Map());

  const sendOne = useCallback(
    async (action: JobAction, job: ActionJob): Promise<void> => {
      const [answer] = await sendCommands(action, [job]);
      if (answer === undefined) return;
      const words = { action: t(`action.${action}`), name: answer.name, message: answer.message };
      notify(answer.ok, t(answer.ok ? 'action.answered' : 'action.refused', words));
    },
    [t, notify],
  );

  const run = useCallback<Actions['run']>(
    async (action, jobs) => {
      if (asksFirst(action, jobs)) {
        const wanted = await new Promise<boolean>((answer) => {
          setQuestion({ action, jobs, answer });
        });
        setQuestion(undefined);
        if (!wanted) return;
      }
      const keys = jobs.map(keyOf);
      setPending((now) => new Map([...now, ...keys.map((key) => [key, action] as const)]));
      const [job] = jobs;
      if (jobs.length === 1 && job !== undefined) await sendOne(action, job);
      else await sendMany(action, jobs);
      const answered = new Set(keys);
      setPending((now) => new Map([...now].filter(([key]) => !answered.has(key))));
    },
    [sendOne, sendMany],
  );
  const actions = useMemo(() => ({ run, pending }), [run, pending]);

  return (
    <ActionsContext value={actions}>
      {children}
      {question && <ConfirmDialog {...question} />}
      {bulk && <AnswersDialog bulk={bulk} />}
    </ActionsContext>
  );
}
