using System.Security.Cryptography;

namespace Verb.Storage.Sqlite;

/// <summary>Named secrets, on one connection. The caller opens the transaction.</summary>
internal sealed class SecretTable(SqliteConnection connection)
{
    private readonly SqliteStatement _find = connection.Prepare("SELECT value FROM secret WHERE name = ?1");
    private readonly SqliteStatement _insert = connection.Prepare("INSERT INTO secret(name, value) VALUES(?1, ?2)");

    public byte[] GetOrCreate(string name, int bytes)
    {
        using (var rows = _find.Bind(1, name).Query())
        {
            if (rows.Next())
                return rows.Bytes(0);
        }

        var secret = RandomNumberGenerator.GetBytes(bytes);
        _insert.Bind(1, name).Bind(2, secret).Run();
        return secret;
    }
}
