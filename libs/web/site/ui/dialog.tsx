import { Modal, type ModalProps } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';

/** A dialog above the page. */
export function Dialog(props: Omit<ModalProps, 'opened' | 'closeButtonProps'>): JSX.Element {
  const { t } = useTranslation();
  return <Modal opened closeButtonProps={{ 'aria-label': t('action.close') }} {...props} />;
}
