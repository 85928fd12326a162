using Verb.Actors.Durability;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Connections;

/// <summary>A store that fails, is full or hangs: what the client is told fits, and nothing is left over.</summary>
public class UploadFailureTests
{
    private static object File(int size) => new { name = "notes.txt", size, mimeType = "text/plain" };

    public static TheoryData<StorageFault, string, string> Faults => new()
    {
        { StorageFault.Full, "OVERLOADED", "no space" },
        { StorageFault.Overloaded, "OVERLOADED", "busy" },
        { StorageFault.Device, "INTERNAL", "Upload it again" },
        { StorageFault.ReadOnly, "INTERNAL", "Upload it again" },
        { StorageFault.Closed, "INTERNAL", "Upload it again" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_a_store_that_fails_means_is_told_at_each_step(StorageFault fault, string code, string words)
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Files.Fault = fault;

        node.Files.IsBroken = true;
        var errors = new List<System.Text.Json.JsonElement> { alice.ReplyTo(alice.Ask("file_start", File(1))).GetProperty("error") };

        node.Files.IsBroken = false;
        var id = alice.Do("file_start", File(1)).Text("uploadId");
        node.Files.IsBroken = true;
        alice.SkipAll();
        alice.Send([0, 0, 0, 0, 7]);
        errors.Add(alice.Expect("error"));
        errors.Add(alice.ReplyTo(alice.Ask("file_end", new { uploadId = id })).GetProperty("error"));

        node.Files.IsBroken = false;
        id = alice.Do("file_start", File(1)).Text("uploadId");
        alice.Send([0, 0, 0, 0, 7]);
        node.Settle();
        node.Files.IsBroken = true;
        errors.Add(alice.ReplyTo(alice.Ask("file_end", new { uploadId = id })).GetProperty("error"));
        alice.SkipAll();
        alice.Send([1, 2, 3]);
        errors.Add(alice.Expect("error"));

        foreach (var error in errors)
        {
            error.Text("code").ShouldBe(code);
            error.Text("message").ShouldContain(words);
            error.Text("message").ShouldNotContain("messageId");
            error.TryGetProperty("retryAfter", out _).ShouldBe(fault == StorageFault.Overloaded);
        }

        alice.Closed.ShouldBeNull();
        NothingIsLeft(node);
    }

    [Fact]
    public void The_chunks_behind_the_one_that_failed_are_no_mistakes_of_the_client()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Files.Fault = StorageFault.Full;
        alice.Do("file_start", File(400_000));
        alice.SkipAll();
        node.Files.IsBroken = true;
        for (var i = 0; i < 300; i++)
            alice.Send([0, 0, 0, 0, 7]);
        alice.Expect("error").Text("code").ShouldBe("OVERLOADED");
        alice.Do("ping");
        alice.Of("error").Count.ShouldBe(1);
        alice.Closed.ShouldBeNull();
        node.Files.IsBroken = false;
        var next = alice.Do("file_start", File(1)).Text("uploadId");
        alice.Send([0, 0, 0, 0, 7]);
        alice.Do("file_end", new { uploadId = next });
    }

    [Fact]
    public void A_file_that_was_begun_too_late_for_its_answer_is_given_back()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Files.Hold();
        var ask = alice.Ask("file_start", File(1));
        node.Advance(TimeSpan.FromSeconds(31));
        var error = alice.ReplyTo(ask).GetProperty("error");
        error.Text("code").ShouldBe("TIMEOUT");
        error.Text("message").ShouldNotContain("messageId");
        node.Files.Release();
        NothingIsLeft(node);
        alice.Do("file_start", File(1));
    }

    private static void NothingIsLeft(TestNode node)
    {
        node.Settle();
        node.Files.OpenWriters.ShouldBe(0);
        node.Files.Stored.ShouldBeEmpty();
    }
}
