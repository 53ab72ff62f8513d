import { useEffect, useState, type ComponentType, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './lazy-part.module.css';
import { MissingPart } from './missing-part.js';

/** A component that is loaded on demand. */
export interface LazyPart<P> {
  (props: P): JSX.Element;
  /** Loads it in advance. */
  load: () => Promise<unknown>;
}

/** Makes a component that is loaded on demand. It says so while loading, and if loading fails. */
export function lazyPart<P extends object>(importPart: () => Promise<ComponentType<P>>): LazyPart<P> {
  let part: ComponentType<P> | undefined;
  let asked: Promise<ComponentType<P>> | undefined;
  const load = (): Promise<ComponentType<P>> => {
    asked ??= importPart().then(
      (found) => {
        part = found;
        return found;
      },
      (error: unknown) => {
        asked = undefined;
        throw error;
      },
    );
    return asked;
  };

  function Lazy(props: P): JSX.Element {
    const { t } = useTranslation();
    const [state, setState] = useState<{ Part?: ComponentType<P> | undefined; isMissing?: true }>(() => ({
      Part: part,
    }));
    useEffect(() => {
      let isOver = false;
      const end = (now: typeof state): void => {
        if (!isOver) setState(now);
      };
      if (state.Part === undefined) {
        load().then(
          (Part) => {
            end({ Part });
          },
          () => {
            end({ isMissing: true });
          },
        );
      }
      return () => {
        isOver = true;
      };
    }, [state.Part]);
    if (state.Part !== undefined) return <state.Part {...props} />;
    if (state.isMissing) return <MissingPart />;
    return (
      <p className={classes.loading} role="status">
        {t('load.loading')}
      </p>
    );
  }
  return Object.assign(Lazy, { load });
}
