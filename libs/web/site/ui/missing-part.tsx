import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../live/live-context.js';
import { NothingHere } from './nothing-here.js';

/**
 * Shown if a script of the pages cannot be loaded: the manager is unavailable, or was upgraded and has other
 * scripts. Browsers do not request a failed script again, so the page reloads as soon as the manager is back.
 */
export function MissingPart(): JSX.Element {
  const { t } = useTranslation();
  const { state } = useConnection();
  const wasLost = useRef(false);
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (state === 'lost') wasLost.current = true;
    else if (state === 'live' && wasLost.current) location.reload();
  }, [state]);
  // a reload would replace the page by the browser's error page if the manager is unavailable
  const reload = async (): Promise<void> => {
    setAsking(true);
    const isThere = await fetch(document.baseURI, { cache: 'no-store' }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) location.reload();
    else setAsking(false);
  };
  return (
    <NothingHere>
      <p role="alert">{t(state === 'lost' ? 'load.partLater' : 'load.partMissing')}</p>
      <Button size="xs" variant="default" disabled={isAsking} onClick={() => void reload()}>
        {t('load.reload')}
      </Button>
    </NothingHere>
  );
}
