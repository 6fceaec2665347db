using System.Text;
using System.Text.Json;

namespace Speedup.Core.SmallModels;

/// <summary>What it takes to hold a recipe, at most: objects may be many times as large as the JSON that stands for them.</summary>
internal static class RecipeCost
{
    private const int BytesOfToken = 64;

    /// <summary>Bytes that the objects of a JSON text take.</summary>
    public static long Of(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        long tokens = 0;
        while (Next(ref reader))
            tokens++;
        return json.Length + (tokens * BytesOfToken);
    }

    private static bool Next(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException)
        {
            return false; // the text is no JSON from here on: reading it says so, with the place
        }
    }
}
