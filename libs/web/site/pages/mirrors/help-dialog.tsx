import { Kbd } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/dialog.js';
import classes from './help-dialog.module.css';

const keys = [
  ['search', '/'],
  ['move', 'j', 'k', '↓', '↑'],
  ['ends', 'Home', 'End'],
  ['open', 'Enter'],
  ['select', 'x', 'Space'],
  ['selectAll', 'Ctrl+A'],
  ['menu', 'm'],
  ['into', '→', '←'],
  ['clear', 'Esc'],
  ['help', '?'],
] as const;

/** The keys of the page. */
export function HelpDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { t } = useTranslation();
  return (
    <Dialog title={t('mirrors.shortcuts')} onClose={onClose}>
      <dl className={classes.keys}>
        {keys.map(([what, ...names]) => (
          <div key={what}>
            <dt>
              {names.map((name) => (
                <Kbd key={name} size="sm">
                  {name}
                </Kbd>
              ))}
            </dt>
            <dd>{t(`mirrors.keys.${what}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
