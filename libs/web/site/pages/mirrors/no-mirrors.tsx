import { Button } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { managerRoot } from '../../api/manager-root.js';
import { NothingHere } from '../../ui/nothing-here.js';
import classes from './no-mirrors.module.css';
import type { SetView } from './use-view.js';

/** Stands where no mirror fits the filters. */
export function NoMatch({ setView }: { setView: SetView }): JSX.Element {
  const { t } = useTranslation();
  return (
    <NothingHere>
      <p>{t('mirrors.noMatch')}</p>
      <Button
        size="xs"
        variant="default"
        onClick={() => {
          setView({ q: '', states: [], worker: '' });
        }}
      >
        {t('mirrors.clearFilters')}
      </Button>
    </NothingHere>
  );
}

const example = `[global]
name = "my-worker"
mirror_dir = "/srv/mirrors"
log_dir = "/var/log/tunasync/{{.Name}}"
interval = 240

[manager]
api_base = "${managerRoot.replace(/\/$/, '')}"

[[mirrors]]
name = "debian"
provider = "rsync"
upstream = "rsync://deb.debian.org/debian/"`;

/** Stands where there are no mirrors at all, and says how to get some. */
export function NoMirrors(): JSX.Element {
  const { t } = useTranslation();
  return (
    <section className={classes.empty}>
      <h2>{t('mirrors.noneTitle')}</h2>
      <p>{t('mirrors.none')}</p>
      <pre tabIndex={0}>{example}</pre>
      <p>{t('mirrors.noneRun')}</p>
      <pre tabIndex={0}>tunasync-worker -c worker.conf</pre>
      <p>{t('mirrors.noneDocs')}</p>
    </section>
  );
}
