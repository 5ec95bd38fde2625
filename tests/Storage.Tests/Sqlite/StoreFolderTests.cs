using System.Runtime.Versioning;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

/// <summary>Whose the data folder is: one server's at a time, and nobody else's on the machine.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StoreFolderTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ASecondServerOnTheSameFolder_IsRefused_UntilTheFirstHasGone()
    {
        var first = _folder.Open();

        var exception = Assert.Throws<StorageFailedException>(() => _folder.Open());
        Assert.Equal($"The data folder '{_folder.Path}' is in use by another server.", exception.Message);

        first.Dispose();
        _folder.Open().Dispose();
    }

    [Fact]
    public void AFolderThatCannotBeMade_IsRefused()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");

        var exception = Assert.Throws<StorageFailedException>(() => _folder.Open(options => options.Folder = Path.Combine(file, "data")));

        Assert.StartsWith($"The data folder '{Path.Combine(file, "data")}' cannot be ", exception.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<string>> LockFilesThatCannotBe => new()
    {
        { "a folder", path => Directory.CreateDirectory(path) },
        { "a link to nowhere", path => File.CreateSymbolicLink(path, "/nowhere/at/all") },
        { "a link to itself", path => File.CreateSymbolicLink(path, path) },
    };

    /// <summary>Who reads that the folder is in use looks for a server that is not there.</summary>
    [Theory]
    [MemberData(nameof(LockFilesThatCannotBe))]
    public void ALockFileThatCannotBeOpened_IsNotCalledInUse(string what, Action<string> make)
    {
        make(Path.Combine(_folder.Path, "server.lock"));

        var exception = Assert.Throws<StorageFailedException>(() => _folder.Open());

        Assert.True(exception.Message.StartsWith($"The data folder '{_folder.Path}' cannot be written: ", StringComparison.Ordinal), $"{what}: {exception.Message}");
        Assert.True(exception.Message.EndsWith(exception.InnerException!.Message, StringComparison.Ordinal), $"{what}: {exception.Message}");
        Assert.False(File.Exists(_folder.Database));
    }

    [Fact]
    public void AFolderWhoseNameLeavesNoRoom_SaysSo()
    {
        // Each part is a name that may be, and the folder can be made; but nothing in it.
        var folder = _folder.Path;
        while (folder.Length < 4_090) folder = Path.Combine(folder, new string('x', Math.Min(200, 4_090 - folder.Length)));

        var exception = Assert.Throws<StorageFailedException>(() => _folder.Open(options => options.Folder = folder));

        Assert.StartsWith($"The data folder '{folder}' cannot be written: ", exception.Message, StringComparison.Ordinal);
        Assert.IsType<PathTooLongException>(exception.InnerException);
    }

    [Fact]
    public async Task WhatIsMade_IsForItsOwnerAlone()
    {
        var folder = Path.Combine(_folder.Path, "data");
        using var store = _folder.Open(options => options.Folder = folder);
        await new SqliteSampleJournal(store).AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(1)]);

        Assert.Equal(Private | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        var files = Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["server.lock", "statusmonitor.db", "statusmonitor.db-shm", "statusmonitor.db-wal"], files.Select(Path.GetFileName));
        Assert.All(files, file => Assert.Equal(Private, File.GetUnixFileMode(file)));
    }

    /// <summary>A group may be let in on purpose, for a backup; everybody is not.</summary>
    [Fact]
    public async Task ADatabaseThatOthersMayRead_IsClosedToThem_AndKeepsItsData()
    {
        using (var store = _folder.Open()) await new SqliteSampleJournal(store).AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(1)]);
        File.SetUnixFileMode(_folder.Database, Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        const UnixFileMode FolderMode = Private | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(_folder.Path, FolderMode);

        using var reopened = _folder.Open();

        Assert.Equal([1], await new SqliteSampleJournal(reopened).TimesAsync(1));
        Assert.All(Directory.GetFiles(_folder.Path, "statusmonitor.db*"), file => Assert.Equal(Private | UnixFileMode.GroupRead, File.GetUnixFileMode(file)));
        Assert.Equal(FolderMode, File.GetUnixFileMode(_folder.Path));
    }

    [Fact]
    public void ALogLeftByACrash_IsClosedToOthersToo()
    {
        using var store = _folder.Open(options => options.CheckpointPages = 1_000_000);
        using var copy = _folder.CopyAsAfterACrash();
        var log = $"{copy.Database}-wal";
        Assert.True(new FileInfo(log).Length > 0);
        File.SetUnixFileMode(log, Private | UnixFileMode.OtherRead);

        using var recovered = copy.Open();

        Assert.Equal(Private, File.GetUnixFileMode(log));
    }
}
