import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { managerRoot } from '../api/manager-root.js';
import { CopyBlock } from './copy-block.js';
import classes from './first-worker.module.css';
import { Section } from './section.js';

const example = `[global]
name = "my-worker"
mirror_dir = "/srv/mirrors"
log_dir = "/var/log/tunasync/{{.Name}}"
interval = 240

[manager]
api_base = "${managerRoot.replace(/\/$/, '')}"

[server]
hostname = "worker.example.org"
listen_port = 6000

[[mirrors]]
name = "debian"
provider = "rsync"
upstream = "rsync://upstream.example.org/debian/"`;

/** Instructions for connecting the first worker. */
export function FirstWorker(): JSX.Element {
  const { t } = useTranslation();
  return (
    <Section title={t('first.title')}>
      <div className={classes.words}>
        <p>{t('first.how')}</p>
        <CopyBlock text={example} />
        <p className={classes.note}>{t('first.where')}</p>
        <p>{t('first.run')}</p>
        <CopyBlock text="tunasync-worker -c worker.conf" />
      </div>
    </Section>
  );
}
