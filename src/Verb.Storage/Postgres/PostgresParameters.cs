using Npgsql;

namespace Verb.Storage.Postgres;

/// <summary>Parameters by place: <c>$1</c> is the first added.</summary>
internal static class PostgresParameters
{
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    /// <summary>One array a column: of every row the value picked.</summary>
    public static NpgsqlBatchCommand With<TRow, T>(this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow, T> pick)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = pick(rows[i]);
        return command.With(values);
    }
}
