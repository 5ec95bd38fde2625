import type { HostAccess } from '../api/types';
import { GroupIcon, ShareIcon } from './icons';

interface HostLabelsProps {
  group: string | null;
  tags: readonly string[];
  access: HostAccess;
  /** So many tags at most, on one line; all of them if it is not said. */
  most?: number;
  className?: string;
}

/** Where a host belongs: its group, its tags, and that it is somebody else's. Nothing if there is nothing to say. */
export function HostLabels({ group, tags, access, most, className = '' }: HostLabelsProps) {
  if (!group && tags.length === 0 && access === 'owner') return null;
  const shown = tags.slice(0, most);
  const more = tags.slice(shown.length);
  return (
    <ul className={`flex min-w-0 items-center gap-1 text-xs text-ink-soft ${most === undefined ? 'flex-wrap' : 'overflow-hidden'} ${className}`}>
      {access !== 'owner' && (
        <li className="inline-flex shrink-0 items-center gap-1 rounded-md bg-accent-soft px-1.5 py-0.5 whitespace-nowrap text-accent-ink">
          <ShareIcon className="size-3" />
          Shared
        </li>
      )}
      {group && (
        <li className="inline-flex min-w-12 items-center gap-1 py-0.5 pr-1" title={`Group ${group}`}>
          <GroupIcon className="size-3 text-ink-faint" />
          <span className="sr-only">Group </span>
          <span className="truncate">{group}</span>
        </li>
      )}
      {shown.map((tag) => (
        <li key={tag} className={`truncate rounded-md bg-track px-1.5 py-0.5 ${most === undefined ? 'max-w-full' : 'max-w-28 shrink-0'}`} title={`Tag ${tag}`}>
          {tag}
        </li>
      ))}
      {more.length > 0 && (
        <li className="shrink-0 px-0.5 whitespace-nowrap" title={more.join(', ')}>
          +{more.length}
          <span className="sr-only"> more: {more.join(', ')}</span>
        </li>
      )}
    </ul>
  );
}
