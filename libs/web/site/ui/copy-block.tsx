import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './copy-block.module.css';

/** Lines for a file or a shell, with a button that copies them. */
export function CopyBlock({ text }: { text: string }): JSX.Element {
  const { t } = useTranslation();
  return (
    <div className={classes.block}>
      <pre tabIndex={0}>{text}</pre>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            onClick={copy}
          >
            {t(copied ? 'copy.copied' : 'copy.copy')}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
