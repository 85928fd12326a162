using System.Buffers.Binary;
using Verb.Actors.Files;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>Uploads in chunks, one at a time: the store takes one chunk after the other and is never waited for within a turn.</summary>
internal sealed partial class ConnectionActor
{
    private Upload? _upload;
    private readonly int _chunkSize = Upload.ChunkSizeOf(setup.Limits);
    private bool _beginning;

    /// <summary>The upload that failed last, and why: its chunks that were on their way are nobody's mistake.</summary>
    private (string Id, CommandError Error)? _failed;

    private void OnFileStart(Command.FileStart start, Identity identity)
    {
        _failed = null;
        if (_upload is not null || _beginning)
        {
            Refuse(start, ErrorCode.InvalidMessage, "An upload is open; a connection has one at a time.");
            return;
        }

        if (start.Room is { } room && !_rooms.ContainsKey(room))
        {
            Refuse(start, ErrorCode.NotInRoom, $"You are not in room '{room}'.");
            return;
        }

        var chunkSize = Math.Min(_chunkSize, start.ChunkSize ?? _chunkSize);
        if (start.Size > (long)chunkSize * Upload.MaxChunks)
        {
            Refuse(start, ErrorCode.PayloadTooLarge, $"A file has at most {Upload.MaxChunks} chunks of {chunkSize} bytes.");
            return;
        }

        _beginning = true;
        var number = Await(start);
        Context.PipeToSelf(
            environment.Files.Begin(new FileUpload(start.Name, start.Size, start.MimeType, identity.User.Id, start.Room), CancellationToken.None),
            begin => new ConnectionMessage.FileBegun(number, start, chunkSize, begin, null),
            cause => new ConnectionMessage.FileBegun(number, start, chunkSize, null, cause));
    }

    private void OnFileBegun(ConnectionMessage.FileBegun begun)
    {
        _beginning = false;
        switch (begun.Begin)
        {
            case FileBegin.Accepted when _pending.Find(begun.Command) is null:
                begun.Abandon(); // It was answered TIMEOUT: nobody would ever send it.
                break;
            case FileBegin.Accepted accepted:
                _upload = new Upload(accepted.Writer, begun.Start, begun.ChunkSize);
                OnAnswered(begun.Command, Answer.Of(new ReplyBody.UploadStarted(accepted.Writer.Id, begun.ChunkSize)));
                break;
            case FileBegin.Refused refused:
                OnAnswered(begun.Command, Answer.Refused(FileError.Of(refused)));
                break;
            default:
                OnAnswered(begun.Command, Answer.Refused(FileError.OfWriting(begun.Cause)));
                break;
        }
    }

    private void OnChunk(ReadOnlyMemory<byte> frame)
    {
        if (_failed is not null)
            return;
        if (_upload is not { IsEnding: false } upload)
        {
            Refuse(null, null, new CommandError(ErrorCode.NotFound, "A chunk came without an open upload."));
            return;
        }

        if (frame.Length < Upload.HeaderSize || frame.Length > Upload.HeaderSize + upload.ChunkSize)
        {
            FailUpload(new CommandError(ErrorCode.InvalidMessage, $"A chunk is a 4-byte index and at most {upload.ChunkSize} bytes."));
            return;
        }

        var index = BinaryPrimitives.ReadUInt32BigEndian(frame.Span);
        upload.Chunks.Enqueue((index * (long)upload.ChunkSize, frame[Upload.HeaderSize..]));
        WriteNextChunk(upload);
        UpdateGate();
    }

    private void WriteNextChunk(Upload upload)
    {
        if (upload.IsWriting)
            return;
        if (upload.Chunks.TryDequeue(out var chunk))
        {
            upload.IsWriting = true;
            Context.PipeToSelf(
                upload.Track(upload.Writer.WriteAt(chunk.Offset, chunk.Bytes, CancellationToken.None)),
                static within => new ConnectionMessage.ChunkWritten(within, null),
                static cause => new ConnectionMessage.ChunkWritten(false, cause));
        }
        else if (upload.IsEnding)
        {
            upload.IsWriting = true;
            var files = environment.Files;
            Context.PipeToSelf(
                upload.Track(upload.Writer.Commit(CancellationToken.None)),
                commit => new ConnectionMessage.FileEnded(files, commit, null),
                cause => new ConnectionMessage.FileEnded(files, null, cause));
        }
    }

    private void OnChunkWritten(ConnectionMessage.ChunkWritten written)
    {
        if (_upload is not { } upload)
            return;
        upload.IsWriting = false;
        foreach (var end in upload.Ends)
            _pending.Extend(end, Steady); // While bytes go to the disk nobody waits in vain.
        if (written.Cause is { } cause)
            FailUpload(FileError.OfWriting(cause));
        else if (!written.Within)
            FailUpload(new CommandError(ErrorCode.InvalidMessage, $"A chunk lies outside the {upload.Start.Size} bytes that were announced."));
        else
            WriteNextChunk(upload);
        UpdateGate();
    }

    private void OnFileEnd(Command.FileEnd end, Identity identity)
    {
        if (_upload is { } upload && upload.Writer.Id == end.UploadId)
        {
            upload.Ends.Add(Await(end));
            upload.IsEnding = true;
            WriteNextChunk(upload);
        }
        else if (_failed is { } failed && failed.Id == end.UploadId)
        {
            Refuse(end, failed.Error);
        }
        else
        {
            FindFile(end, identity.User.Id);
        }
    }

    private void OnFileEnded(ConnectionMessage.FileEnded ended)
    {
        if (_upload is not { } upload)
            return;
        var answer = ended.Commit switch
        {
            FileCommit.Stored stored => Answer.Of(ToReply(stored.File)),
            FileCommit.Incomplete incomplete =>
                Answer.Refused(ErrorCode.InvalidMessage, $"Chunk {incomplete.Offset / upload.ChunkSize} is missing or too short."),
            _ => Answer.Refused(FileError.OfWriting(ended.Cause)),
        };
        foreach (var end in upload.Ends)
            OnAnswered(end, answer);
        if (ended.Commit is FileCommit.Stored told)
            TellUploaded(told.File);
        AbandonUpload();
    }

    /// <summary>Who did not hear that a file was stored asks again, perhaps over another connection.</summary>
    private void FindFile(Command.FileEnd end, UserId owner)
    {
        var number = Await(end);
        var id = end.UploadId;
        Context.PipeToSelf(
            Find(environment.Files, id, owner),
            file => new ConnectionMessage.FileFound(number, id, file, null),
            cause => new ConnectionMessage.FileFound(number, id, null, cause));
    }

    private static async ValueTask<StoredFile?> Find(IFileStore files, string id, UserId owner)
    {
        if (await files.Open(id, CancellationToken.None) is not { } found)
            return null;
        await using (found)
            return found.File.Owner == owner ? found.File : null;
    }

    private void OnFileFound(ConnectionMessage.FileFound found)
    {
        if (found.File is { } file)
        {
            OnAnswered(found.Command, Answer.Of(ToReply(file)));
            Emit(ToEvent(file));
        }
        else
        {
            OnAnswered(found.Command, found.Cause is { } cause
                ? Answer.Refused(FileError.OfReading(cause))
                : Answer.Refused(ErrorCode.NotFound, $"There is no open upload '{found.Id}'."));
        }
    }

    private void FailUpload(CommandError error)
    {
        if (_upload is not { } upload)
            return;
        AbandonUpload();
        _failed = (upload.Writer.Id, error);
        if (!upload.IsEnding)
            Refuse(null, "file_start", error);
        foreach (var end in upload.Ends)
            OnAnswered(end, Answer.Refused(error));
    }

    /// <summary>Ends the upload; what was not committed leaves nothing behind.</summary>
    private void AbandonUpload()
    {
        if (_upload is not { } upload)
            return;
        _upload = null;
        upload.Chunks.Clear();
        _ = upload.Abandon().AsTask();
        UpdateGate();
    }
}
