using Verb.Actors.Files;
using Verb.Actors.Rooms;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>Files and media: what a binary frame is, whole files, audio and video to a room, and what is told of a stored file.</summary>
internal sealed partial class ConnectionActor
{
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
                OnFileEnd(end, identity);
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
            case ConnectionMessage.FileFound found:
                OnFileFound(found);
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
        else if (frame.Span[0] == BinaryKind.Chunk)
            OnChunk(frame);
        else if (frame.Span[0] == BinaryKind.WholeFile)
            StoreWhole(frame[1..], identity);
        else if (frame.Span[0] is BinaryKind.Audio or BinaryKind.Video)
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

    /// <summary>A whole file in one frame; it is named by the hub.</summary>
    private void StoreWhole(ReadOnlyMemory<byte> bytes, Identity identity)
    {
        _storing++;
        UpdateGate();
        var file = new FileUpload($"upload_{Now}", bytes.Length, "application/octet-stream", identity.User.Id, null);
        var files = environment.Files;
        Context.PipeToSelf(
            Store(files, file, bytes),
            static stored => stored,
            cause => new ConnectionMessage.WholeFileStored(files, null, FileError.OfWriting(cause)));
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
                        ? new ConnectionMessage.WholeFileStored(files, stored.File, null)
                        : new ConnectionMessage.WholeFileStored(files, null, FileError.OfWriting(null));
                }

            case FileBegin.Refused refused:
                return new ConnectionMessage.WholeFileStored(files, null, FileError.Of(refused));
            default:
                return new ConnectionMessage.WholeFileStored(files, null, FileError.OfWriting(null));
        }
    }

    private void TellUploaded(StoredFile file)
    {
        var uploaded = ToEvent(file);
        Emit(uploaded);
        if (file.Room is { } room)
            environment.Rooms.Tell(room, new RoomMessage.ShareFile(new Caller.Member(setup.Id, 0), WireFormat.Event(uploaded)));
    }

    private ServerEvent.FileUploaded ToEvent(StoredFile file) => new(file.Id, file.Name, file.Size, file.Sha256, UrlOf(file));

    private ReplyBody.Uploaded ToReply(StoredFile file) => new(file.Id, file.Name, file.Size, file.Sha256, UrlOf(file));

    private string UrlOf(StoredFile file) => setup.PathBase + environment.FileLinks.Of(file.Id);

    private bool IsIn(RoomId room) => _rooms.TryGetValue(room, out var joined) && joined.IsIn;
}
