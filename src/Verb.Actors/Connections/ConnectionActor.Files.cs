using System.Buffers.Binary;
using Verb.Actors.Files;
using Verb.Actors.Rooms;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>Files and media: uploads in chunks or whole, audio and video to a room. The store is never waited for within a turn.</summary>
internal sealed partial class ConnectionActor
{
    private const byte WholeFile = 1;
    private const byte Audio = 2;
    private const byte Video = 3;

    private Upload? _upload;
    private bool _beginning;
    private int _storing;
    private RoomId? _mediaRoom;

    private bool FilesAreBehind => _storing > 0 || _upload is { IsBehind: true };

    private void OnFileCommand(Command command, Identity identity)
    {
        switch (command)
        {
            case Command.FileStart start:
                OnFileStart(start, identity);
                break;
            case Command.FileEnd end:
                OnFileEnd(end);
                break;
            case Command.Media media when _rooms.ContainsKey(media.Room):
                _mediaRoom = media.Room;
                Done(media, ReplyBody.Empty.Instance);
                break;
            case Command.Media media:
                Refuse(media, ErrorCode.NotInRoom, $"You are not in room '{media.Room}'.");
                break;
        }
    }

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

        _beginning = true;
        var number = Await(start);
        Context.PipeToSelf(
            environment.Files.Begin(new FileUpload(start.Name, start.Size, start.MimeType, identity.User.Id, start.Room), CancellationToken.None),
            begin => new ConnectionMessage.FileBegun(number, start, begin),
            _ => new ConnectionMessage.FileBegun(number, start, null));
    }

    private void OnFileMessage(ConnectionMessage message)
    {
        switch (message)
        {
            case ConnectionMessage.FileBegun begun:
                OnFileBegun(begun);
                break;
            case ConnectionMessage.ChunkWritten written:
                OnChunkWritten(written);
                break;
            case ConnectionMessage.FileEnded ended:
                OnFileEnded(ended);
                break;
            case ConnectionMessage.WholeFileStored stored:
                _storing--;
                if (stored.File is { } file)
                    TellUploaded(file);
                else
                    Refuse(null, null, stored.Error!);
                UpdateGate();
                break;
        }
    }

    private void OnFileBegun(ConnectionMessage.FileBegun begun)
    {
        _beginning = false;
        switch (begun.Begin)
        {
            case FileBegin.Accepted accepted:
                _upload = new Upload(accepted.Writer, begun.Start);
                OnAnswered(begun.Command, Answer.Of(new ReplyBody.UploadStarted(accepted.Writer.Id, Upload.ChunkSize)));
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
        FileRefusal.Quota => new CommandError(ErrorCode.Overloaded, refused.Message, CommandError.OverloadedRetryAfter),
        _ => new CommandError(ErrorCode.InvalidMessage, refused.Message),
    };

    private void OnReceivedBinary(ConnectionMessage.ReceivedBinary received)
    {
        if (MustHold)
            Hold(received, received.Frame.Length);
        else
            OnBinary(received.Frame);
    }

    private void OnBinary(ReadOnlyMemory<byte> frame)
    {
        if (_identity is not { } identity)
            Refuse(null, null, new CommandError(ErrorCode.AuthRequired, "Authenticate first."));
        else if (frame.IsEmpty)
            Refuse(null, null, new CommandError(ErrorCode.InvalidMessage, "An empty binary frame means nothing."));
        else if (frame.Span[0] == 0)
            OnChunk(frame);
        else if (frame.Span[0] == WholeFile)
            StoreWhole(frame[1..], identity);
        else if (frame.Span[0] is Audio or Video)
            OnMediaFrame(frame);
        else
            Refuse(null, null, new CommandError(ErrorCode.InvalidMessage, "A binary frame begins with 0 (chunk), 1 (file), 2 (audio) or 3 (video)."));
    }

    private void OnMediaFrame(ReadOnlyMemory<byte> frame)
    {
        if (_mediaRoom is not { } room || !_rooms.ContainsKey(room))
            Refuse(null, null, new CommandError(ErrorCode.NotInRoom, "Name a room you are in with 'media' first."));
        else
            environment.Rooms.Tell(room, new RoomMessage.Media(new Caller.Member(setup.Id, 0), frame)); // A full room drops media.
    }

    private void OnChunk(ReadOnlyMemory<byte> frame)
    {
        if (_upload is not { EndedBy: 0 } upload)
        {
            Refuse(null, null, new CommandError(ErrorCode.NotFound, "A chunk came without an open upload."));
            return;
        }

        if (frame.Length < Upload.HeaderSize || frame.Length > Upload.HeaderSize + Upload.ChunkSize)
        {
            FailUpload(new CommandError(ErrorCode.InvalidMessage, $"A chunk is a 4-byte index and at most {Upload.ChunkSize} bytes."));
            return;
        }

        var index = BinaryPrimitives.ReadUInt32BigEndian(frame.Span);
        upload.Chunks.Enqueue((index * (long)Upload.ChunkSize, frame[Upload.HeaderSize..]));
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
                OnAnswered(ended.Command, Answer.Refused(ErrorCode.InvalidMessage, $"Chunk {incomplete.Offset / Upload.ChunkSize} is missing or too short."));
                break;
            default:
                OnAnswered(ended.Command, Answer.Refused(CommandError.Internal));
                break;
        }

        AbandonUpload();
    }

    /// <summary>A whole file in one frame; it is named by the hub.</summary>
    private void StoreWhole(ReadOnlyMemory<byte> bytes, Identity identity)
    {
        _storing++;
        UpdateGate();
        var file = new FileUpload($"upload_{Now}", bytes.Length, "application/octet-stream", identity.User.Id, null);
        Context.PipeToSelf(
            Store(environment.Files, file, bytes),
            static stored => stored,
            static _ => new ConnectionMessage.WholeFileStored(null, CommandError.Internal));
    }

    private static async ValueTask<ConnectionMessage> Store(IFileStore files, FileUpload file, ReadOnlyMemory<byte> bytes)
    {
        switch (await files.Begin(file, CancellationToken.None))
        {
            case FileBegin.Accepted accepted:
                await using (accepted.Writer)
                {
                    await accepted.Writer.WriteAt(0, bytes, CancellationToken.None);
                    return await accepted.Writer.Commit(CancellationToken.None) is FileCommit.Stored stored
                        ? new ConnectionMessage.WholeFileStored(stored.File, null)
                        : new ConnectionMessage.WholeFileStored(null, CommandError.Internal);
                }

            case FileBegin.Refused refused:
                return new ConnectionMessage.WholeFileStored(null, ToError(refused));
            default:
                return new ConnectionMessage.WholeFileStored(null, CommandError.Internal);
        }
    }

    private void TellUploaded(StoredFile file)
    {
        var uploaded = new ServerEvent.FileUploaded(file.Id, file.Name, file.Size, file.Sha256, UrlOf(file));
        Emit(uploaded);
        if (file.Room is { } room)
            environment.Rooms.Tell(room, new RoomMessage.ShareFile(new Caller.Member(setup.Id, 0), uploaded));
    }

    private static ReplyBody.Uploaded ToReply(StoredFile file) => new(file.Id, file.Name, file.Size, file.Sha256, UrlOf(file));

    private static string UrlOf(StoredFile file) => $"/files/{file.Id}";

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
            static _ => new ConnectionMessage.Tick(ConnectionTimer.None),
            static _ => new ConnectionMessage.Tick(ConnectionTimer.None));
        UpdateGate();
    }

    private bool IsIn(RoomId room) => _rooms.TryGetValue(room, out var joined) && joined.IsIn;
}
