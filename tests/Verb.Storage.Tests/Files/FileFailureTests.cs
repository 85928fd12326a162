using Verb.Actors.Durability;
using Verb.Storage.Files;

namespace Verb.Storage.Tests.Files;

public sealed class FileFailureTests
{
    [Fact]
    public void A_full_disk_is_told_from_other_failures()
    {
        FileFailure.From(new IOException("No space left on device", 28), "/up").Fault.ShouldBe(StorageFault.Full);
        FileFailure.From(new IOException("Disk quota exceeded", 122), "/up").Fault.ShouldBe(StorageFault.Full);
        FileFailure.From(new IOException("Read-only file system", 30), "/up").Fault.ShouldBe(StorageFault.ReadOnly);
        FileFailure.From(new UnauthorizedAccessException(), "/up").Fault.ShouldBe(StorageFault.ReadOnly);
        FileFailure.From(new IOException("Input/output error", 5), "/up").Fault.ShouldBe(StorageFault.Device);
    }

    [Fact]
    public void The_system_reports_a_full_disk_the_way_we_expect()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);

        var cause = Should.Throw<IOException>(() => RandomAccess.Write(full, new byte[1], 0));

        FileFailure.From(cause, "/up").Fault.ShouldBe(StorageFault.Full);
    }
}
