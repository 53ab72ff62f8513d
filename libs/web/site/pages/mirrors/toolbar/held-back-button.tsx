import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';

/** Rows do not move on their own: this button says how many would, and moves them. */
export function HeldBackButton({
  count,
  apply,
}: {
  count: number;
  apply: () => Promise<void>;
}): JSX.Element | null {
  const { t } = useTranslation();
  const [isApplying, setApplying] = useState(false);
  if (count === 0 && !isApplying) return null;
  return (
    <Button
      size="compact-xs"
      variant="light"
      leftSection={<IconRefresh size={14} />}
      disabled={isApplying}
      onClick={() => {
        setApplying(true);
        void apply().finally(() => {
          setApplying(false);
        });
      }}
    >
      {isApplying ? t('mirrors.applying') : t('mirrors.changes', { count })}
    </Button>
  );
}
