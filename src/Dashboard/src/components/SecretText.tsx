import { CopyButton } from './CopyButton';

/** A secret that is shown this once. */
export function SecretText({ label, text, copyLabel, testId }: { label: string; text: string; copyLabel: string; testId: string }) {
  return (
    <div>
      <p className="mb-1.5 font-medium">{label}, shown only now</p>
      <div className="flex flex-wrap items-center gap-2">
        <code data-testid={testId} className="min-w-0 grow rounded-lg bg-raised px-3 py-2.5 font-mono text-[13px] break-all">
          {text}
        </code>
        <CopyButton text={text} label={copyLabel} />
      </div>
    </div>
  );
}
