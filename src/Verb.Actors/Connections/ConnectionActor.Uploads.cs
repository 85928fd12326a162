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

    private void OnFileStart(Command.FileStart start, Identity identity)
    {
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

        if (start.Size > (long)_chunkSize * Upload.MaxChunks)
        {
            Refuse(start, ErrorCode.PayloadTooLarge, $"A file has at most {Upload.MaxChunks} chunks of {_chunkSize} bytes.");
            return;
        }

        _beginning = true;
        var number = Await(start);
        Context.PipeToSelf(
            environment.Files.Begin(new FileUpload(start.Name, start.Size, start.MimeType, identity.User.Id, start.Room), CancellationToken.None),
            begin => new ConnectionMessage.FileBegun(number, start, begin),
            _ => new ConnectionMessage.FileBegun(number, start, null));
    }

    private void OnFileBegun(ConnectionMessage.FileBegun begun)
    {
        _beginning = false;
        switch (begun.Begin)
        {
            case FileBegin.Accepted accepted:
                _upload = new Upload(accepted.Writer, begun.Start, _chunkSize);
                OnAnswered(begun.Command, Answer.Of(new ReplyBody.UploadStarted(accepted.Writer.Id, _chunkSize)));
                break;
            case FileBegin.Refused refused:
                OnAnswered(begun.Command, Answer.Refused(ToError(refused)));
                break;
            default:
                OnAnswered(begun.Command, Answer.Refused(CommandError.Internal));
                break;
        }
    }

    private static CommandError ToError(FileBegin.Refused refused) => refused.Reason switch
    {
        FileRefusal.Size => new CommandError(ErrorCode.PayloadTooLarge, refused.Message),
        FileRefusal.Quota => new CommandError(ErrorCode.Overloaded, refused.Message), // A full store does not empty by itself: no retryAfter.
        _ => new CommandError(ErrorCode.InvalidMessage, refused.Message),
    };

    private void OnChunk(ReadOnlyMemory<byte> frame)
    {
        if (_upload is not { EndedBy: 0 } upload)
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
        else if (upload.EndedBy != 0)
        {
            upload.IsWriting = true;
            var number = upload.EndedBy;
            Context.PipeToSelf(
                upload.Track(upload.Writer.Commit(CancellationToken.None)),
                commit => new ConnectionMessage.FileEnded(number, commit),
                _ => new ConnectionMessage.FileEnded(number, null));
        }
    }

    private void OnChunkWritten(ConnectionMessage.ChunkWritten written)
    {
        if (_upload is not { } upload)
            return;
        upload.IsWriting = false;
        if (written.Cause is not null)
            FailUpload(CommandError.Internal);
        else if (!written.Within)
            FailUpload(new CommandError(ErrorCode.InvalidMessage, $"A chunk lies outside the {upload.Start.Size} bytes that were announced."));
        else
            WriteNextChunk(upload);
        UpdateGate();
    }

    private void OnFileEnd(Command.FileEnd end)
    {
        if (_upload is not { EndedBy: 0 } upload || upload.Writer.Id != end.UploadId)
        {
            Refuse(end, ErrorCode.NotFound, $"There is no open upload '{end.UploadId}'.");
            return;
        }

        upload.EndedBy = Await(end);
        WriteNextChunk(upload);
    }

    private void OnFileEnded(ConnectionMessage.FileEnded ended)
    {
        switch (ended.Commit)
        {
            case FileCommit.Stored stored:
                OnAnswered(ended.Command, Answer.Of(ToReply(stored.File)));
                TellUploaded(stored.File);
                break;
            case FileCommit.Incomplete incomplete:
                OnAnswered(ended.Command, Answer.Refused(ErrorCode.InvalidMessage, $"Chunk {incomplete.Offset / _chunkSize} is missing or too short."));
                break;
            default:
                OnAnswered(ended.Command, Answer.Refused(CommandError.Internal));
                break;
        }

        AbandonUpload();
    }

    private void FailUpload(CommandError error)
    {
        var number = _upload?.EndedBy ?? 0;
        AbandonUpload();
        if (number != 0)
            OnAnswered(number, Answer.Refused(error));
        else
            Refuse(null, "file_start", error);
    }

    /// <summary>Ends the upload; what was not committed leaves nothing behind.</summary>
    private void AbandonUpload()
    {
        if (_upload is not { } upload)
            return;
        _upload = null;
        upload.Chunks.Clear();
        Context.PipeToSelf(
            upload.Abandon(),
            static _ => ConnectionMessage.Tick.Of(ConnectionTimer.None),
            static _ => ConnectionMessage.Tick.Of(ConnectionTimer.None));
        UpdateGate();
    }
}
