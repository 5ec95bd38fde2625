import { useCsvExport } from '../api/history';
import { Button } from './Button';
import { FormError } from './FormError';
import { ExportIcon } from './icons';

/** Saves what the charts show as a file of values; says so where that fails. */
export function CsvButton({ path }: { path: string }) {
  const save = useCsvExport();
  return (
    <>
      <Button onClick={() => save.mutate(path)} disabled={save.isPending}>
        <ExportIcon />
        {save.isPending ? 'Exporting…' : 'Export CSV'}
      </Button>
      {save.isError && (
        <div className="basis-full">
          <FormError error={save.error} words={(error) => `Nothing was exported. ${error.message}`} />
        </div>
      )}
    </>
  );
}
