using Verb.Contracts;

namespace Verb.Actors.Files;

/// <summary>A file that is stored.</summary>
/// <param name="Id">128 random bits in base64url: whoever knows it may ask for the file.</param>
/// <param name="Name">The name shown to people.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="MimeType">A plain media type, <c>application/octet-stream</c> where unknown.</param>
/// <param name="Sha256">The digest of its bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Owner">Who sent it.</param>
/// <param name="Room">The room it is for, where one was named.</param>
/// <param name="Timestamp">When it was stored, Unix milliseconds.</param>
public sealed record StoredFile(
    string Id, string Name, long Size, string MimeType, string Sha256, UserId Owner, RoomId? Room, long Timestamp);
