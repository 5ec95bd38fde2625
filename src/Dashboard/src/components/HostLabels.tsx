import type { HostAccess } from '../api/types';
import { GroupIcon, ShareIcon } from './icons';

interface HostLabelsProps {
  group: string | null;
  tags: readonly string[];
  access: HostAccess;
  className?: string;
}

/** Where a host belongs: its group, its tags, and that it is somebody else's. Nothing if there is nothing to say. */
export function HostLabels({ group, tags, access, className = '' }: HostLabelsProps) {
  if (!group && tags.length === 0 && access === 'owner') return null;
  return (
    <ul className={`flex min-w-0 flex-wrap items-center gap-1 text-xs text-ink-soft ${className}`}>
      {access !== 'owner' && (
        <li className="inline-flex items-center gap-1 rounded-md bg-accent-soft px-1.5 py-0.5 whitespace-nowrap text-accent-ink">
          <ShareIcon className="size-3" />
          Shared
        </li>
      )}
      {group && (
        <li className="inline-flex min-w-0 items-center gap-1 py-0.5 pr-1" title={`Group ${group}`}>
          <GroupIcon className="size-3 text-ink-faint" />
          <span className="sr-only">Group </span>
          <span className="truncate">{group}</span>
        </li>
      )}
      {tags.map((tag) => (
        <li key={tag} className="max-w-40 truncate rounded-md bg-track px-1.5 py-0.5" title={`Tag ${tag}`}>
          {tag}
        </li>
      ))}
    </ul>
  );
}
