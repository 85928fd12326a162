using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Connections;

/// <summary>A stored file is one that somebody was told of: who missed the answer asks again, and what nobody can have heard of goes.</summary>
public class UploadAnswerTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(31);

    [Fact]
    public void Who_missed_the_answer_asks_again_over_another_connection_and_finds_the_file()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        var id = Upload(alice);
        var first = alice.Do("file_end", new { uploadId = id });
        alice.Cut();

        var back = node.Connect("alice");
        back.SkipAll();
        for (var i = 0; i < 3; i++)
            back.Do("file_end", new { uploadId = id }).ToString().ShouldBe(first.ToString());

        back.Of("file_uploaded").Count.ShouldBe(3);
        node.Files.Stored.Count.ShouldBe(1);
    }

    [Fact]
    public void Nobody_else_finds_it()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        var id = Upload(alice);
        alice.Do("file_end", new { uploadId = id });

        node.Connect("bob").Refusal("file_end", new { uploadId = id }).ShouldBe("NOT_FOUND");
        node.ConnectAnonymously().Refusal("file_end", new { uploadId = id }).ShouldBe("NOT_FOUND");
    }

    [Fact]
    public void An_end_that_is_told_twice_is_answered_twice()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        var id = Upload(alice);
        node.Files.Hold();
        var (first, second) = (alice.Ask("file_end", new { uploadId = id }), alice.Ask("file_end", new { uploadId = id }));
        node.Settle();
        node.Files.Release();

        alice.ReplyTo(first).GetProperty("data").ToString().ShouldBe(alice.ReplyTo(second).GetProperty("data").ToString());
        node.Files.Stored.Count.ShouldBe(1);
    }

    [Fact]
    public void A_commit_that_outlasts_the_answer_is_waited_for_again()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        var id = Upload(alice);
        node.Files.Hold();
        var late = alice.Ask("file_end", new { uploadId = id });
        node.Advance(Timeout);
        alice.ReplyTo(late).GetProperty("error").Text("message").ShouldContain("file_end again");

        var again = alice.Ask("file_end", new { uploadId = id });
        node.Settle();
        node.Files.Release();
        alice.ReplyTo(again).GetProperty("data").Text("uploadId").ShouldBe(id);
        node.Files.Stored.Count.ShouldBe(1);
    }

    [Fact]
    public void While_bytes_still_go_to_the_disk_the_end_does_not_time_out()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        const int Chunks = 6;
        var id = alice.Do("file_start", new { name = "a", size = Chunks * 1024, mimeType = "text/plain", chunkSize = 1024 }).Text("uploadId");
        node.Files.Hold();
        for (var i = 0; i < Chunks; i++)
            alice.Send([0, 0, 0, (byte)i, .. new byte[1024]]);
        var end = alice.Ask("file_end", new { uploadId = id });
        for (var i = 0; i < Chunks; i++)
        {
            node.Advance(TimeSpan.FromSeconds(20));
            node.Files.Release();
            node.Files.Hold();
            node.Settle();
        }

        node.Files.Release();
        alice.ReplyTo(end).GetProperty("data").Text("uploadId").ShouldBe(id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_is_stored_when_its_connection_has_ended_goes(bool isCut)
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        var id = Upload(alice);
        node.Files.Hold();
        alice.Ask("file_end", new { uploadId = id });
        End(node, alice, isCut);

        NothingIsLeft(node);
        node.Connect("alice").Refusal("file_end", new { uploadId = id }).ShouldBe("NOT_FOUND");
    }

    [Fact]
    public void A_whole_file_that_is_stored_when_its_connection_has_ended_goes()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Settle();
        node.Files.Hold();
        alice.Send([1, 2, 3]);
        End(node, alice, isCut: true);

        NothingIsLeft(node);
    }

    private static void End(TestNode node, TestClient client, bool isCut)
    {
        node.Settle();
        if (isCut)
            client.Cut();
        else
            client.Close();
        node.Advance(TimeSpan.FromSeconds(1)); // So long a close waits for the answer.
        node.Settle();
        node.Files.Release();
    }

    private static string Upload(TestClient client)
    {
        var id = client.Do("file_start", new { name = "notes.txt", size = 3, mimeType = "text/plain" }).Text("uploadId");
        client.Send([0, 0, 0, 0, 1, 2, 3]);
        client.SkipAll();
        return id;
    }

    private static void NothingIsLeft(TestNode node)
    {
        node.Settle();
        node.Files.OpenWriters.ShouldBe(0);
        node.Files.Stored.ShouldBeEmpty();
    }
}
