import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Milliseconds for which success messages stay; errors stay until they are closed. */
const goodMs = 5000;

/** Shows a message at the edge of the page. @param isGood - errors are announced at once, and stay */
export type Notify = (isGood: boolean, message: string, title?: string) => void;

/** Shows messages at the edge of the page. */
export function useNotify(): Notify {
  const { t } = useTranslation();
  return useCallback<Notify>(
    (isGood, message, title) => {
      notifications.show({
        title,
        message,
        color: isGood ? 'green' : 'red',
        autoClose: isGood && goodMs,
        role: isGood ? 'status' : 'alert',
        closeButtonProps: { 'aria-label': t('action.close') },
      });
    },
    [t],
  );
}
