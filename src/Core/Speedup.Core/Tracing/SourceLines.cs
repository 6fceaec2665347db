using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Speedup.Core.Tracing;

/// <summary>Finds the line of a source file that an instruction was compiled from, where the assembly has symbols.</summary>
internal static class SourceLines
{
    /// <summary>Names the place of an instruction: <c>Model.cs:23</c>, or <c>IL_001f</c> where there are no symbols.</summary>
    public static string NameOf(MethodBase method, int offset) =>
        Find(method, offset) ?? string.Create(CultureInfo.InvariantCulture, $"IL_{offset:x4}");

    private static string? Find(MethodBase method, int offset)
    {
        string path = method.Module.Assembly.Location;
        if (path.Length == 0 || !File.Exists(path))
            return null;
        try
        {
            using FileStream stream = File.OpenRead(path);
            using var image = new PEReader(stream);
            if (!image.TryOpenAssociatedPortablePdb(path, OpenOrNull, out MetadataReaderProvider? symbols, out _))
                return null;
            using (symbols)
                return Find(symbols!.GetMetadataReader(), method, offset);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return null; // symbols are a convenience
        }
    }

    private static FileStream? OpenOrNull(string path) => File.Exists(path) ? File.OpenRead(path) : null;

    private static string? Find(MetadataReader reader, MethodBase method, int offset)
    {
        EntityHandle definition = MetadataTokens.EntityHandle(method.MetadataToken);
        if (definition.Kind != HandleKind.MethodDefinition)
            return null;
        MethodDebugInformation information = reader.GetMethodDebugInformation(
            ((MethodDefinitionHandle)definition).ToDebugInformationHandle()
        );
        SequencePoint point = information.GetSequencePoints().LastOrDefault(found => !found.IsHidden && found.Offset <= offset);
        if (point.Document.IsNil)
            return null;
        string file = reader.GetString(reader.GetDocument(point.Document).Name);
        return string.Create(CultureInfo.InvariantCulture, $"{file[(file.LastIndexOfAny(['/', '\\']) + 1)..]}:{point.StartLine}");
    }
}
