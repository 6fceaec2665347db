using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace SmallModels.Tests.Support;

/// <summary>Changes the recipe of a file and gives it the hash that it should then have, as docs/small-models.md describes it.</summary>
internal static class Forgery
{
    public static void Apply(string path, Action<JsonNode> forge)
    {
        string readable = Path.ChangeExtension(path, ".safetensors");
        File.Move(path, readable);
        using StateDict content = StateDictFile.Load(readable);
        JsonNode recipe = JsonNode.Parse(content.Metadata["speedup.recipe"])!;
        forge(recipe);
        content.Metadata["speedup.recipe"] = recipe.ToJsonString();
        content.Metadata["speedup.sha256"] = Hash(content);
        StateDictFile.Save(content, readable);
        File.Move(readable, path);
    }

    private static string Hash(StateDict content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(content.Metadata["speedup.version"]);
        Add(content.Metadata["speedup.recipe"]);
        foreach ((string name, Tensor tensor) in content.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Add(name);
            Add($"{tensor.dtype} {string.Join(' ', tensor.shape)}");
            hash.AppendData(tensor.bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string text)
        {
            hash.AppendData(BitConverter.GetBytes(text.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(text));
        }
    }
}
