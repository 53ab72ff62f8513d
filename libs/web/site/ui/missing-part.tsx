import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../live/live-context.js';
import { NothingHere } from './nothing-here.js';

/**
 * Stands where a script of the pages could not be had: the manager is away, or another version of it has other scripts.
 * A browser does not ask twice for a script, so that the page is loaded anew, as soon as the manager is back.
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
  // never to the browser's own page of a server that is not there
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
