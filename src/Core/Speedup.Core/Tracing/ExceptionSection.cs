using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>Writes exception clauses as a fat section (ECMA-335, II.25.4.6).</summary>
internal static class ExceptionSection
{
    private const byte FatExceptionTable = 0x41;
    private const int ClauseSize = 24;

    /// <summary>Writes them.</summary>
    /// <param name="clauses">The clauses of the original body.</param>
    /// <param name="info">Gives out tokens.</param>
    /// <param name="map">Where an offset of the original body has gone.</param>
    public static byte[] Write(IList<ExceptionHandlingClause> clauses, DynamicILInfo info, Func<int, int> map)
    {
        int size = 4 + (clauses.Count * ClauseSize);
        using var stream = new MemoryStream(size);
        using var writer = new BinaryWriter(stream);
        writer.Write(FatExceptionTable | (size << 8));
        foreach (ExceptionHandlingClause clause in clauses)
        {
            writer.Write((int)clause.Flags);
            WriteRange(writer, map(clause.TryOffset), map(clause.TryOffset + clause.TryLength));
            WriteRange(writer, map(clause.HandlerOffset), map(clause.HandlerOffset + clause.HandlerLength));
            writer.Write(LastField(clause, info, map));
        }
        return stream.ToArray();
    }

    private static void WriteRange(BinaryWriter writer, int start, int end)
    {
        writer.Write(start);
        writer.Write(end - start);
    }

    private static int LastField(ExceptionHandlingClause clause, DynamicILInfo info, Func<int, int> map) =>
        clause.Flags switch
        {
            ExceptionHandlingClauseOptions.Clause => info.GetTokenFor(clause.CatchType!.TypeHandle),
            ExceptionHandlingClauseOptions.Filter => map(clause.FilterOffset),
            _ => 0,
        };
}
