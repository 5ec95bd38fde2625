import { networkPair, diskPair } from './chartLines';
import { CountsSection } from './CountsSection';
import { CpuSection } from './CpuSection';
import { DiskSpaceSection } from './DiskSpaceSection';
import { FrequencySection } from './FrequencySection';
import { LoadSection } from './LoadSection';
import { MemorySection } from './MemorySection';
import { OtherSeries } from './OtherSeries';
import { TrafficSection } from './TrafficSection';

/** The last fifteen minutes, from the live feed. */
export function LiveSections({ id }: { id: number }) {
  return (
    // Two in a row where there is room; one that is left over takes the whole width.
    <div className="flex flex-wrap gap-3 *:grow *:basis-full sm:gap-4 lg:*:basis-[30rem]">
      <CpuSection id={id} />
      <MemorySection id={id} />
      <TrafficSection id={id} title="Network" pair={networkPair} each="Each interface" many="interfaces" />
      <TrafficSection id={id} title="Disk activity" pair={diskPair} each="Each disk" many="disks" />
      <DiskSpaceSection id={id} />
      <LoadSection id={id} />
      {/* The small ones share a row, as many as this host reports. */}
      <div className="flex flex-wrap gap-3 basis-full! *:grow *:basis-80 empty:hidden sm:gap-4">
        <CountsSection id={id} />
        <FrequencySection id={id} />
      </div>
      <OtherSeries id={id} />
    </div>
  );
}
