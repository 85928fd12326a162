using Verb.Contracts;

namespace Verb.Actors.Files;

/// <summary>What a client says about a file before sending it.</summary>
/// <param name="Name">The client's name for it: shown to people, never a path.</param>
/// <param name="Size">How many bytes will come.</param>
/// <param name="MimeType">The client's word for what it is; anything that is no plain media type is stored as unknown.</param>
/// <param name="Owner">Who sends it.</param>
/// <param name="Room">The room it is for, where one is named: reading it then needs that room's read right.</param>
public sealed record FileUpload(string Name, long Size, string MimeType, UserId Owner, RoomId? Room);
