using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static TorchSharp.torch;

namespace SmallModels.Tests.CodeWriting;

/// <summary>Compiles written C# against the platform and TorchSharp alone, and makes networks of it.</summary>
internal static class CompiledCode
{
    /// <summary>Compiles a file, and loads the network with the weights beside it.</summary>
    public static nn.Module Load(string path, string className)
    {
        Assembly assembly = Compile(File.ReadAllText(path));
        MethodInfo load = assembly.GetType(className, throwOnError: true)!.GetMethod("Load")!;
        return (nn.Module)load.Invoke(null, [Path.ChangeExtension(path, ".dat")])!;
    }

    /// <summary>Compiles code.</summary>
    public static Assembly Compile(string code)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            $"Written{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.CSharp12))],
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release)
        );
        using var library = new MemoryStream();
        var result = compilation.Emit(library);
        if (!result.Success)
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics) + "\n" + code);
        library.Position = 0;
        return new AssemblyLoadContext("written", isCollectible: true).LoadFromStream(library);
    }

    private static IEnumerable<MetadataReference> References()
    {
        string platform = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(file => Path.GetDirectoryName(file) == platform)
            .Append(typeof(nn).Assembly.Location)
            .Select(file => MetadataReference.CreateFromFile(file));
    }
}
