import { notifications } from '@mantine/notifications';
import { useCallback, useMemo, useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionsContext, type Actions } from './actions-context.js';
import { AnswersDialog } from './answers-dialog.js';
import { ConfirmDialog } from './confirm-dialog.js';
import { asksFirst, keyOf, type ActionJob, type JobAction } from './job-action.js';
import { sendCommands, type Answer } from './send-commands.js';

interface Question {
  action: JobAction;
  jobs: readonly ActionJob[];
  answer: (wanted: boolean) => void;
}

interface Bulk {
  action: JobAction;
  total: number;
  answers: readonly Answer[];
}

/** Gives {@link Actions} to what is inside, with its dialogs. */
export function ActionsProvider({ children }: { children: ReactNode }): JSX.Element {
  const { t } = useTranslation();
  const [question, setQuestion] = useState<Question>();
  const [bulk, setBulk] = useState<Bulk>();
  const [pending, setPending] = useState<Actions['pending']>(new Map());

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
      if (jobs.length > 1) setBulk({ action, total: jobs.length, answers: [] });
      const answers = await sendCommands(action, jobs, (part) => {
        if (jobs.length === 1) return;
        setBulk((now) => now && { ...now, answers: [...now.answers, ...part] });
      });
      const answered = new Set(keys);
      setPending((now) => new Map([...now].filter(([key]) => !answered.has(key))));
      const [answer] = answers;
      if (jobs.length > 1 || answer === undefined) return;
      const words = { action: t(`action.${action}`), name: answer.name, message: answer.message };
      notifications.show({
        color: answer.ok ? 'green' : 'red',
        message: t(answer.ok ? 'action.answered' : 'action.refused', words),
        autoClose: answer.ok ? 5000 : false,
        role: answer.ok ? 'status' : 'alert',
      });
    },
    [t],
  );
  const actions = useMemo(() => ({ run, pending }), [run, pending]);

  return (
    <ActionsContext value={actions}>
      {children}
      {question && <ConfirmDialog {...question} />}
      {bulk && (
        <AnswersDialog
          {...bulk}
          onClose={() => {
            setBulk(undefined);
          }}
        />
      )}
    </ActionsContext>
  );
}
