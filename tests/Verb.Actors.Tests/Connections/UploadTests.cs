using System.Buffers.Binary;
using System.Security.Cryptography;
using Akka.Actor;
using Verb.Actors.Connections;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Connections;

public class UploadTests
{
    private const int ChunkSize = 64 * 1024;

    private static byte[] Content(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Chunk(byte[] content, int index)
    {
        var bytes = content.AsSpan(index * ChunkSize, Math.Min(ChunkSize, content.Length - (index * ChunkSize)));
        var frame = new byte[4 + bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)index);
        bytes.CopyTo(frame.AsSpan(4));
        return frame;
    }

    private static object File(int size, string name = "notes.txt", string? room = null) =>
        room is null ? new { name, size, mimeType = "text/plain" } : new { name, size, mimeType = "text/plain", roomId = room };

    [Fact]
    public void Chunks_may_come_in_any_order_and_twice()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        var content = Content((3 * ChunkSize) + 7);
        var started = alice.Do("file_start", File(content.Length, room: "r"));
        started.Number("chunkSize").ShouldBe(ChunkSize);
        foreach (var index in new[] { 3, 0, 2, 0, 1, 3 })
            alice.Send(Chunk(content, index));
        bob.SkipAll();
        alice.SkipAll();
        var stored = alice.Do("file_end", new { uploadId = started.Text("uploadId") });
        stored.Text("sha256").ShouldBe(Convert.ToHexStringLower(SHA256.HashData(content)));
        stored.Text("filename").ShouldBe("notes.txt");
        stored.Number("size").ShouldBe(content.Length);
        alice.Expect("reply");
        alice.Expect("file_uploaded").Text("url").ShouldBe(stored.Text("url"));
        bob.Expect("file_uploaded").Text("url").ShouldBe(stored.Text("url"));
        node.Files.BytesOf(started.Text("uploadId")).ShouldBe(content);
        node.Files.OpenWriters.ShouldBe(0);
        alice.Do("file_start", File(1));
    }

    [Fact]
    public void Where_messages_are_small_a_chunk_with_its_index_fits_into_one()
    {
        using var node = new TestNode();
        var alice = node.Connect(new ClientOptions { User = "alice", Limits = new LimitOptions { MaxMessageBytes = 1024 } });
        var content = Content(2_500);
        var started = alice.Do("file_start", File(content.Length));
        var chunkSize = (int)started.Number("chunkSize");
        chunkSize.ShouldBe(1020);
        alice.Send([0, 0, 0, 2, .. content.AsSpan(2 * chunkSize)]);
        alice.Send([0, 0, 0, 0, .. content.AsSpan(0, chunkSize)]);
        alice.Send([0, 0, 0, 1, .. content.AsSpan(chunkSize, chunkSize)]);
        alice.Do("file_end", new { uploadId = started.Text("uploadId") });
        node.Files.BytesOf(started.Text("uploadId")).ShouldBe(content);
    }

    [Fact]
    public void A_file_of_more_chunks_than_can_be_counted_is_refused()
    {
        using var node = new TestNode();
        node.Files.MaxBytes = long.MaxValue;
        var alice = node.Connect(new ClientOptions { User = "alice", Limits = new LimitOptions { MaxMessageBytes = 1024 } });
        alice.Refusal("file_start", new { name = "a", size = (1020L << 24) + 1, mimeType = "text/plain" }).ShouldBe("PAYLOAD_TOO_LARGE");
        alice.Do("file_start", File(1020));
    }

    [Fact]
    public void A_missing_chunk_is_named_and_nothing_is_left()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        var content = Content(3 * ChunkSize);
        var id = alice.Do("file_start", File(content.Length)).Text("uploadId");
        alice.Send(Chunk(content, 0));
        alice.Send(Chunk(content, 2));
        var reply = alice.ReplyTo(alice.Ask("file_end", new { uploadId = id }));
        reply.Code().ShouldBe("INVALID_MESSAGE");
        reply.GetProperty("error").Text("message").ShouldContain("Chunk 1");
        NothingIsLeft(node);
    }

    [Fact]
    public void A_chunk_outside_the_announced_size_ends_the_upload()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Do("file_start", File(10));
        alice.SkipAll();
        alice.Send(Chunk(Content(11), 0));
        var error = alice.Expect("error");
        error.Text("code").ShouldBe("INVALID_MESSAGE");
        error.Text("message").ShouldContain("10 bytes");
        NothingIsLeft(node);
    }

    [Fact]
    public void A_bad_chunk_behind_many_good_ones_does_not_hold_the_reader_for_ever()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        var content = Content(40 * ChunkSize);
        alice.Do("file_start", File(content.Length));
        node.Files.Hold();
        for (var i = 0; i < 20; i++)
            alice.Connection.Tell(new ConnectionMessage.ReceivedBinary(Chunk(content, i)));
        alice.Connection.Tell(new ConnectionMessage.ReceivedBinary(new byte[3]));
        node.Settle();
        node.Files.Release();
        alice.Do("ping");
        NothingIsLeft(node);
    }

    [Fact]
    public void A_slow_store_holds_the_reader_back()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        var content = Content(60 * ChunkSize);
        var id = alice.Do("file_start", File(content.Length)).Text("uploadId");
        node.Files.Hold();
        for (var i = 0; i < 60; i++)
            alice.Send(Chunk(content, i));
        alice.Unread.ShouldBeGreaterThan(30);
        node.Files.Release();
        alice.Unread.ShouldBe(0);
        alice.Do("file_end", new { uploadId = id });
        node.Files.BytesOf(id).ShouldBe(content);
    }

    [Fact]
    public void A_chunk_without_an_upload_and_an_unknown_upload_are_not_found()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.SkipAll();
        alice.Send(Chunk(Content(1), 0));
        alice.Expect("error").Text("code").ShouldBe("NOT_FOUND");
        alice.Refusal("file_end", new { uploadId = "u" }).ShouldBe("NOT_FOUND");
        alice.Do("file_start", File(0));
        alice.Refusal("file_end", new { uploadId = "another" }).ShouldBe("NOT_FOUND");
    }

    [Fact]
    public void A_second_upload_is_refused_while_one_is_open()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        var first = alice.Do("file_start", File(1)).Text("uploadId");
        alice.Refusal("file_start", File(1)).ShouldBe("INVALID_MESSAGE");
        alice.Send(Chunk(Content(1), 0));
        alice.Do("file_end", new { uploadId = first });
    }

    [Theory]
    [InlineData("../etc/passwd", "INVALID_MESSAGE")]
    [InlineData("a\\b", "INVALID_MESSAGE")]
    [InlineData("..", "INVALID_MESSAGE")]
    public void Hostile_names_are_refused(string name, string code)
    {
        using var node = new TestNode();
        node.Connect("alice").Refusal("file_start", File(1, name)).ShouldBe(code);
        NothingIsLeft(node);
    }

    [Fact]
    public void Too_large_a_file_is_refused()
    {
        using var node = new TestNode();
        node.Connect("alice").Refusal("file_start", File(65 * 1024 * 1024)).ShouldBe("PAYLOAD_TOO_LARGE");
    }

    [Fact]
    public void A_file_for_a_room_one_is_not_in_is_refused()
    {
        using var node = new TestNode();
        node.Connect("alice").Refusal("file_start", File(1, room: "r")).ShouldBe("NOT_IN_ROOM");
    }

    [Fact]
    public void A_store_that_fails_is_an_internal_error_and_leaves_nothing()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Files.IsBroken = true;
        alice.Refusal("file_start", File(1)).ShouldBe("INTERNAL");
        node.Files.IsBroken = false;
        var id = alice.Do("file_start", File(1)).Text("uploadId");
        node.Files.IsBroken = true;
        alice.SkipAll();
        alice.Send(Chunk(Content(1), 0));
        alice.Expect("error").Text("code").ShouldBe("INTERNAL");
        alice.Refusal("file_end", new { uploadId = id }).ShouldBe("INTERNAL");
        node.Files.IsBroken = false;
        id = alice.Do("file_start", File(1)).Text("uploadId");
        alice.Send(Chunk(Content(1), 0));
        node.Settle();
        node.Files.IsBroken = true;
        alice.Refusal("file_end", new { uploadId = id }).ShouldBe("INTERNAL");
        alice.Closed.ShouldBeNull();
        NothingIsLeft(node);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_connection_cut_mid_upload_leaves_nothing(int stage)
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Settle();
        var content = Content(5 * ChunkSize);
        if (stage == 0)
            node.Files.Hold();
        alice.Ask("file_start", File(content.Length));
        node.Settle();
        if (stage == 1)
            node.Files.Hold();
        if (stage > 0)
        {
            for (var i = 0; i < 4; i++)
                alice.Send(Chunk(content, i));
        }

        node.Settle();
        alice.Cut();
        node.Files.Release();
        NothingIsLeft(node);
    }

    [Fact]
    public void A_whole_file_in_one_frame_is_stored_and_named_by_the_hub()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.SkipAll();
        alice.Send([1, .. "hello"u8]);
        var uploaded = alice.Expect("file_uploaded");
        uploaded.Number("size").ShouldBe(5);
        node.Files.BytesOf(uploaded.Text("uploadId")).ShouldBe("hello"u8.ToArray());
        node.Files.IsBroken = true;
        alice.Send([1, 2]);
        alice.Expect("error").Text("code").ShouldBe("INTERNAL");
        node.Files.IsBroken = false;
        node.Files.MaxBytes = 1;
        alice.Send([1, 2, 3]);
        alice.Expect("error").Text("code").ShouldBe("PAYLOAD_TOO_LARGE");
    }

    [Theory]
    [InlineData(16 * 1024, 16 * 1024)]
    [InlineData(1024, 1024)]
    [InlineData(65 * 1024, ChunkSize)]
    [InlineData(int.MaxValue, ChunkSize)]
    public void A_client_may_ask_for_smaller_chunks(int asked, int given)
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        var content = Content(3000);
        var started = alice.Do("file_start", new { name = "a", size = content.Length, mimeType = "text/plain", chunkSize = asked });
        started.Number("chunkSize").ShouldBe(given);
        for (var (at, index) = (0, 0); at < content.Length; at += given, index++)
            alice.Send([0, 0, 0, (byte)index, .. content.AsSpan(at, Math.Min(given, content.Length - at))]);
        alice.Do("file_end", new { uploadId = started.Text("uploadId") });
        node.Files.BytesOf(started.Text("uploadId")).ShouldBe(content);
    }

    [Fact]
    public void A_chunk_larger_than_was_asked_for_ends_the_upload()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Do("file_start", new { name = "a", size = 5000, mimeType = "text/plain", chunkSize = 1024 });
        alice.SkipAll();
        alice.Send([0, 0, 0, 0, .. Content(1025)]);
        alice.Expect("error").Text("message").ShouldContain("1024 bytes");
        NothingIsLeft(node);
    }

    private static void NothingIsLeft(TestNode node)
    {
        node.Settle();
        node.Files.OpenWriters.ShouldBe(0);
        node.Files.Stored.ShouldBeEmpty();
    }
}
