using System.Text;

namespace StatusMonitor.Agent.Collectors;

/// <summary>One mounted filesystem.</summary>
/// <param name="Device">What tells filesystems apart: <c>major:minor</c>, or the source where only that is known.</param>
/// <param name="Root">The directory of the filesystem that is mounted: <c>/</c> unless it is a bind mount or a subvolume.</param>
/// <param name="MountPoint">Where it is mounted, unescaped.</param>
/// <param name="Type">The filesystem type, such as <c>ext4</c> or <c>fuse.sshfs</c>.</param>
internal sealed record Mount(string Device, string Root, string MountPoint, string Type)
{
    /// <summary>Whether asking how full it is goes over a network or through another program, and so may take for ever.</summary>
    public bool MayHang => FilesystemTypes.MayHang(Type);
}

/// <summary>What filesystem types mean to us.</summary>
internal static class FilesystemTypes
{
    // Views of the kernel, memory, parts of other filesystems, and images that are always full.
    private static readonly HashSet<string> NotReal = new(StringComparer.Ordinal)
    {
        "autofs", "binder", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "cpuset", "debugfs", "devfs", "devpts", "devtmpfs",
        "efivarfs", "erofs", "functionfs", "fusectl", "hugetlbfs", "iso9660", "mqueue", "nfsd", "nsfs", "openpromfs", "overlay", "aufs",
        "proc", "pstore", "ramfs", "resctrl", "rootfs", "rpc_pipefs", "securityfs", "selinuxfs", "smackfs", "spufs", "squashfs", "sysfs",
        "tmpfs", "tracefs", "udf", "usbfs", "vboxsf",
        "fuse.gvfsd-fuse", "fuse.lxcfs", "fuse.portal", "fuse.snapfuse", "fuse.squashfuse", "fuse.squashfuse_ll", "fuse.vmware-vmblock", "fuse.archivemount",
    };

    private static readonly HashSet<string> Remote = new(StringComparer.Ordinal)
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse", "fuseblk", "glusterfs", "gfs2", "gpfs", "lustre", "ncpfs", "nfs", "nfs4",
        "ocfs2", "orangefs", "pvfs2", "smb3", "smbfs", "virtiofs",
    };

    /// <summary>Whether a filesystem of this type holds files on something that can fill up.</summary>
    public static bool IsReal(string type) => !NotReal.Contains(type);

    /// <inheritdoc cref="Mount.MayHang"/>
    public static bool MayHang(string type) => Remote.Contains(type) || type.StartsWith("fuse.", StringComparison.Ordinal);
}

/// <summary>Reads the kernel's tables of mounts and chooses those a person would call a filesystem of this machine.</summary>
internal static class MountTable
{
    /// <summary>Reads <c>/proc/self/mountinfo</c>: <c>36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw</c>.</summary>
    public static List<Mount> ParseMountInfo(ReadOnlySpan<byte> text)
    {
        var mounts = new List<Mount>();
        foreach (var range in text.Split((byte)'\n'))
        {
            var fields = new FieldReader(text[range]);
            if (!fields.Skip(2)
                || !fields.TryNext(out ReadOnlySpan<byte> device)
                || !fields.TryNext(out ReadOnlySpan<byte> root)
                || !fields.TryNext(out ReadOnlySpan<byte> mountPoint))
            {
                continue;
            }

            // Between the options and the "-" stand any number of optional fields.
            ReadOnlySpan<byte> field;
            while (fields.TryNext(out field) && !field.SequenceEqual("-"u8))
            {
            }

            if (!fields.TryNext(out ReadOnlySpan<byte> type)) continue;
            mounts.Add(new Mount(Encoding.UTF8.GetString(device), Unescape(root), Unescape(mountPoint), Encoding.UTF8.GetString(type)));
        }

        return mounts;
    }

    /// <summary>Reads <c>/proc/mounts</c>: <c>/dev/sda1 /boot ext4 rw,relatime 0 0</c>. Bind mounts are not to be told from others here.</summary>
    public static List<Mount> ParseMounts(ReadOnlySpan<byte> text)
    {
        var mounts = new List<Mount>();
        foreach (var range in text.Split((byte)'\n'))
        {
            var fields = new FieldReader(text[range]);
            if (!fields.TryNext(out ReadOnlySpan<byte> source)
                || !fields.TryNext(out ReadOnlySpan<byte> mountPoint)
                || !fields.TryNext(out ReadOnlySpan<byte> type))
            {
                continue;
            }

            // Only a path names one device; "none" or "tank" may name several.
            var at = Unescape(mountPoint);
            var device = source.StartsWith("/"u8) ? Unescape(source) : $"{Encoding.UTF8.GetString(source)} {at}";
            mounts.Add(new Mount(device, "/", at, Encoding.UTF8.GetString(type)));
        }

        return mounts;
    }

    /// <summary>
    /// The real filesystems, each once: pseudo filesystems are left away, of several mounts of one device the one of its own root
    /// with the shortest path stays, and what lies hidden below another mount of the same path does not count.
    /// The root directory is shown whatever it is: in a container it is an overlay.
    /// </summary>
    public static List<Mount> Choose(IReadOnlyList<Mount> mounts)
    {
        var visible = new Dictionary<string, Mount>(StringComparer.Ordinal);
        foreach (var mount in mounts) visible[mount.MountPoint] = mount;

        var byDevice = new Dictionary<string, Mount>(StringComparer.Ordinal);
        foreach (var mount in visible.Values)
        {
            if (mount.MountPoint != "/" && !FilesystemTypes.IsReal(mount.Type)) continue;
            // What container engines mount from the machine into a container is a file of the machine's disk, not a disk of the container.
            if (mount.MountPoint is "/etc/hosts" or "/etc/hostname" or "/etc/resolv.conf" or "/dev/termination-log") continue;
            if (!byDevice.TryGetValue(mount.Device, out var other) || IsBetter(mount, other)) byDevice[mount.Device] = mount;
        }

        var chosen = byDevice.Values.ToList();
        chosen.Sort(static (a, b) => string.CompareOrdinal(a.MountPoint, b.MountPoint));
        return chosen;
    }

    private static bool IsBetter(Mount mount, Mount other)
    {
        if (mount.MountPoint == "/" || other.MountPoint == "/") return mount.MountPoint == "/";
        if ((mount.Root == "/") != (other.Root == "/")) return mount.Root == "/";
        if (mount.MountPoint.Length != other.MountPoint.Length) return mount.MountPoint.Length < other.MountPoint.Length;
        return string.CompareOrdinal(mount.MountPoint, other.MountPoint) < 0;
    }

    /// <summary>The kernel writes blanks, tabs, line ends and backslashes in octal: <c>\040</c>.</summary>
    internal static string Unescape(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\\')) return Encoding.UTF8.GetString(text);

        var bytes = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text[i + 1]) && IsOctal(text[i + 2]) && IsOctal(text[i + 3]))
            {
                bytes[length++] = (byte)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0'));
                i += 3;
            }
            else
            {
                bytes[length++] = text[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static bool IsOctal(byte character) => character is >= (byte)'0' and <= (byte)'7';
}
