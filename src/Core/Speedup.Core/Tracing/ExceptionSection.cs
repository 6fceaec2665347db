using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>Writes exception clauses as a fat section (ECMA-335, II.25.4.6).</summary>
internal static class ExceptionSection
{
    private const byte FatExceptionTable = 0x41;
    private const int ClauseSize = 24;

    public static byte[] Write(IList<ExceptionHandlingClause> clauses, DynamicILInfo info)
    {
        int size = 4 + (clauses.Count * ClauseSize);
        using var stream = new MemoryStream(size);
        using var writer = new BinaryWriter(stream);
        writer.Write(FatExceptionTable | (size << 8));
        foreach (ExceptionHandlingClause clause in clauses)
        {
            writer.Write((int)clause.Flags);
            writer.Write(clause.TryOffset);
            writer.Write(clause.TryLength);
            writer.Write(clause.HandlerOffset);
            writer.Write(clause.HandlerLength);
            writer.Write(LastField(clause, info));
        }
        return stream.ToArray();
    }

    private static int LastField(ExceptionHandlingClause clause, DynamicILInfo info) =>
        clause.Flags switch
        {
            ExceptionHandlingClauseOptions.Clause => info.GetTokenFor(clause.CatchType!.TypeHandle),
            ExceptionHandlingClauseOptions.Filter => clause.FilterOffset,
            _ => 0,
        };
}
