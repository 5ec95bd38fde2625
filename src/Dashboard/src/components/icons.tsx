import type { ReactNode } from 'react';

/** Stroke icons of one family, 16 px, in the colour of the text beside them. They repeat what the text says, so they are hidden from screen readers. */
function Icon({ children, className = 'size-4' }: { children: ReactNode; className?: string | undefined }) {
  return (
    <svg viewBox="0 0 16 16" className={`shrink-0 ${className}`} fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {children}
    </svg>
  );
}

type IconProps = { className?: string };

export const OnlineIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <circle cx="8" cy="8" r="7" fill="currentColor" stroke="none" />
    <path d="m5 8.2 2.1 2.1L11 6" stroke="var(--surface)" />
  </Icon>
);

export const LateIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <circle cx="8" cy="8" r="6.2" />
    <path d="M8 4.6V8l2.2 1.6" />
  </Icon>
);

export const OfflineIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <circle cx="8" cy="8" r="7" fill="currentColor" stroke="none" />
    <path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6" stroke="var(--surface)" />
  </Icon>
);

export const PendingIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <circle cx="8" cy="8" r="6.2" strokeDasharray="2.4 2.5" />
  </Icon>
);

export const WarningIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M8 2.2 14.6 13.6H1.4zM8 6.4v3.2M8 11.7v.1" />
  </Icon>
);

export const DownIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M8 3v10m-4-4 4 4 4-4" />
  </Icon>
);

export const UpIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M8 13V3M4 7l4-4 4 4" />
  </Icon>
);

export const BackIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M10 3 5 8l5 5" />
  </Icon>
);

export const ForwardIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="m6 3 5 5-5 5" />
  </Icon>
);

export const SearchIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <circle cx="7" cy="7" r="4.5" />
    <path d="m10.5 10.5 3.5 3.5" />
  </Icon>
);

export const PlusIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M8 3v10M3 8h10" />
  </Icon>
);

export const CloseIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="m4 4 8 8m0-8-8 8" />
  </Icon>
);

export const CopyIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
    <path d="M10.5 3.6V3A1.5 1.5 0 0 0 9 1.5H3A1.5 1.5 0 0 0 1.5 3v6A1.5 1.5 0 0 0 3 10.5h.6" />
  </Icon>
);

export const CheckIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="m3 8.5 3.3 3.3L13 5" />
  </Icon>
);

export const CardsIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <rect x="2" y="2" width="5" height="5" rx="1" />
    <rect x="9" y="2" width="5" height="5" rx="1" />
    <rect x="2" y="9" width="5" height="5" rx="1" />
    <rect x="9" y="9" width="5" height="5" rx="1" />
  </Icon>
);

export const RowsIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M2 3.5h12M2 8h12M2 12.5h12" />
  </Icon>
);

export const SunIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <circle cx="8" cy="8" r="3" />
    <path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3.05 3.05l1.06 1.06M11.89 11.89l1.06 1.06M3.05 12.95l1.06-1.06M11.89 4.11l1.06-1.06" />
  </Icon>
);

export const MoonIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M13.8 9.7A6 6 0 0 1 6.3 2.2a6 6 0 1 0 7.5 7.5z" />
  </Icon>
);

export const SignOutIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M6 2.5H3.5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1H6M10.5 11l3-3-3-3M13.5 8H6" />
  </Icon>
);

export const PersonIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <circle cx="8" cy="5.2" r="2.9" />
    <path d="M2.4 14c.5-3 2.8-4.6 5.6-4.6s5.1 1.6 5.6 4.6" />
  </Icon>
);

export const ChevronIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="m4 6 4 4 4-4" />
  </Icon>
);

export const GearIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M2 4.5h7.2M13.2 4.5H14M2 11.5h.8M6.8 11.5H14" />
    <circle cx="11.2" cy="4.5" r="2" />
    <circle cx="4.8" cy="11.5" r="2" />
  </Icon>
);

export const KeyIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <circle cx="5" cy="11" r="3" />
    <path d="m7.2 8.8 6-6M11 5l1.8 1.8M9 7l1.3 1.3" />
  </Icon>
);

export const GroupIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M1.8 12.5v-9h4l1.5 1.8h6.9v7.2z" />
  </Icon>
);

export const ShareIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <circle cx="6" cy="5.4" r="2.5" />
    <path d="M1.4 13c.3-2.6 2.2-4 4.6-4s4.3 1.4 4.6 4M10.6 3.2a2.5 2.5 0 0 1 0 4.4M12.2 9.4c1.4.6 2.2 1.8 2.4 3.6" />
  </Icon>
);

export const EyeIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M1.3 8S3.7 3.5 8 3.5 14.7 8 14.7 8 12.3 12.5 8 12.5 1.3 8 1.3 8z" />
    <circle cx="8" cy="8" r="2" />
  </Icon>
);

export const EyeOffIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M3.6 4.9C2.1 6.1 1.3 8 1.3 8S3.7 12.5 8 12.5c1.1 0 2.1-.3 2.9-.7M6.2 3.7C6.8 3.6 7.4 3.5 8 3.5c4.3 0 6.7 4.5 6.7 4.5s-.5 1-1.5 2.1M2 2l12 12" />
  </Icon>
);

export const DotsIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M3 8h.01M8 8h.01M13 8h.01" strokeWidth="2.4" />
  </Icon>
);

export const DeviceIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <rect x="2" y="2.5" width="12" height="8.5" rx="1" />
    <path d="M5.5 13.5h5M8 11v2.5" />
  </Icon>
);

export const InfoIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <circle cx="8" cy="8" r="6.2" />
    <path d="M8 7.3v3.9M8 4.8v.1" />
  </Icon>
);

export const ZoomOutIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <circle cx="7" cy="7" r="4.8" />
    <path d="m10.6 10.6 3.6 3.6M5 7h4" />
  </Icon>
);

export const ExportIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M8 2v8m-3.2-3.2L8 10l3.2-3.2M2.5 11v2.5h11V11" />
  </Icon>
);

export const CompareIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M1.5 11.5 5 6l3 3.5 3-5.5 3.5 4M1.5 14h13" />
  </Icon>
);

export const BellIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M3.5 11.5c.8-1 1-2 1-4a3.5 3.5 0 0 1 7 0c0 2 .2 3 1 4zM6.6 13.6a1.6 1.6 0 0 0 2.8 0" />
  </Icon>
);

export const BellOffIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M4.5 6.4v1.1c0 2-.2 3-1 4h8M6.2 4.5a3.5 3.5 0 0 1 5.3 3c0 1 .05 1.7.2 2.3M6.6 13.6a1.6 1.6 0 0 0 2.8 0M2 2l12 12" />
  </Icon>
);

export const CriticalIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2z" fill="currentColor" stroke="none" />
    <path d="M8 4.4v4.2M8 11.3v.1" stroke="var(--surface)" />
  </Icon>
);

export const CommentIcon = ({ className }: IconProps) => (
  <Icon className={className}>
    <path d="M2 3h12v8H7.5L4.5 13.5V11H2z" />
  </Icon>
);
