using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Speedup.Core.Plugins;

/// <summary>Reads a plugin's metadata. Nothing of the plugin is loaded or run.</summary>
internal static class PluginInspector
{
    private const string TargetFramework = "System.Runtime.Versioning.TargetFrameworkAttribute";
    private const string InformationalVersion = "System.Reflection.AssemblyInformationalVersionAttribute";
    private const string Entry = "Speedup.Abstractions.SpeedupPluginAttribute";
    private const string Shared = "Speedup.Abstractions.SharedWithHostAttribute";

    /// <summary>Reads a file.</summary>
    /// <exception cref="PluginFault">The file is no readable assembly.</exception>
    public static PluginMetadata Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            RefuseNative(path, stream);
            using var image = new PEReader(stream);
            if (!image.HasMetadata)
                throw PluginFaults.NativeLibrary(path, "Windows PE without .NET metadata");
            MetadataReader reader = image.GetMetadataReader();
            return reader.IsAssembly ? Read(reader) : throw PluginFaults.NotAnAssembly(path, "it is a module");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw PluginFaults.Unreadable(path, e);
        }
        catch (Exception e) when (e is not PluginFault) // a damaged file can fail anywhere in the reader
        {
            throw PluginFaults.NotAnAssembly(path, $"it is damaged or of another kind ({e.Message.TrimEnd('.')})", e);
        }
    }

    private static void RefuseNative(string path, FileStream stream)
    {
        Span<byte> magic = stackalloc byte[4];
        int count = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (count == 0)
            throw PluginFaults.NotAnAssembly(path, "it is empty");
        if (magic.SequenceEqual("\u007fELF"u8))
            throw PluginFaults.NativeLibrary(path, "ELF, as on Linux");
        if (magic is [0xCF or 0xCE, 0xFA, 0xED, 0xFE] or [0xCA, 0xFE, 0xBA, 0xBE])
            throw PluginFaults.NativeLibrary(path, "Mach-O, as on macOS");
    }

    private static PluginMetadata Read(MetadataReader reader)
    {
        AssemblyDefinition definition = reader.GetAssemblyDefinition();
        string assembly = reader.GetString(definition.Name);
        Dictionary<string, string?> attributes = [];
        List<string> shared = [];
        foreach (CustomAttributeHandle handle in definition.GetCustomAttributes())
        {
            CustomAttribute attribute = reader.GetCustomAttribute(handle);
            string name = NameOf(reader, attribute);
            if (name is not (TargetFramework or InformationalVersion or Entry or Shared))
                continue;
            var value = attribute.DecodeValue(AttributeTypes.Instance).FixedArguments[0].Value as string;
            if (name is Shared)
                shared.Add(AssemblyOf(value) ?? assembly);
            else
                attributes[name] = value;
        }
        Dictionary<string, Version> references = new(StringComparer.OrdinalIgnoreCase);
        foreach (AssemblyReferenceHandle handle in reader.AssemblyReferences)
        {
            AssemblyReference reference = reader.GetAssemblyReference(handle);
            references[reader.GetString(reference.Name)] = reference.Version;
        }
        return new PluginMetadata(
            assembly,
            attributes.GetValueOrDefault(InformationalVersion) ?? definition.Version.ToString(),
            attributes.GetValueOrDefault(TargetFramework),
            attributes.GetValueOrDefault(Entry),
            references
        )
        {
            SharedWithHost = shared,
        };
    }

    /// <summary>The assembly in the name of a type; null for a type of the assembly that is read.</summary>
    private static string? AssemblyOf(string? type) => TypeName.TryParse(type, out TypeName? name) ? name.AssemblyName?.Name : null;

    private static string NameOf(MetadataReader reader, CustomAttribute attribute)
    {
        EntityHandle type =
            attribute.Constructor.Kind == HandleKind.MemberReference
                ? reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent
                : reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType();
        return type.Kind switch
        {
            HandleKind.TypeReference => AttributeTypes.Instance.GetTypeFromReference(reader, (TypeReferenceHandle)type, 0),
            HandleKind.TypeDefinition => AttributeTypes.Instance.GetTypeFromDefinition(reader, (TypeDefinitionHandle)type, 0),
            _ => "",
        };
    }
}
