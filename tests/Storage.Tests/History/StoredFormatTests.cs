using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Tests.History;

/// <summary>Bytes that were written once and must be readable for ever. If one of these fails, databases in the field cannot be read: give a changed format a new number and keep reading this one.</summary>
public sealed class StoredFormatTests
{
    private const string Chunk =
        "Aak/5o5kMwsAYgBMAA8A4gQBDQDCBQLAAgAEAQ0BAuj///8PJ3TjiCqaqziHgAJBPkY0Z5ozzRnmjPNGeaM5/////nD+tGeaM80Z5ozXJnoDjiAogAeSQA2lAACaAAwAIAAT43Lt8mrap1kD+bxX7v"
        + "ABEvR4tvsyQiGyGvIXR3StJlSCUL9nieIqQ/////5jO9McqMzAeyLuJ5vJH5MHiGIEmlUHirxL1qiz6+TFb6PVZ1dHB5lbts5wKYyxXGEEDJJO9Ae+yS3PgXUjizKYumXHnmvkIPnA9GyBhvDXM6NR"
        + "nHtv328HnFwZu6/g1sALaJHKSEbhp5AdAclUwyrNzSTn5SssgCIDGGOMEDOnXXETAaK4gPQAgAAAAAAADNZvxorwuxY8AAAAAAa6bSYsQ3W40mLEN1ub6nXFLN1U9sxZhll7p/KjTF/920VZmxDFL2"
        + "U9nWvmlixnceI7r8qNKn6OLrq8QXP4107qKtxriieyzpcTux9tPvN6YZpsuVFiKO3Gjy3vui7KvbX6IpZ8VJizDFFhn0qJv/c3Lv3HFNjo0qHpY8LZixDdd02/0x8dAUfvo/9LieaLup1JjfFE/i2r"
        + "sQuxZ0eVN80vbV3KjxFHdhnPq4bo8VOmxNLNnbcaY4vcNGtx9/Fi5M14Yp+yv96jRFLFgs93M91uFWZ0RRzY/Ki3DNHhUe1F0T2DOp8xuy57J9RDNFhV6L80d+Dy50R3RY1Gtw9LLhvmNMMX2DSpsR"
        + "fx9dv6VNlixzwOkx4iltwadSphuiwFj3YujnwOlR3jmiw7syomidwGnfZhdmwN9xojmjwajS7+juwHk3ohulwKtRZilix9nyoni/wGcv/i/iwKlSohilwfjxZuluwKtXojujwFky7mjmw+/RohmdwL"
        + "l/ZiiiwGjSofdnwdsx4hmiwKlXXijtwGfyonumz7lR5iljwOsuohi+wFjzbu/lwalRojiiwP825mlvw6nTohuiwFtxfijlwOjeo/mewbkz5iijwGdWohdmwKnxbnmtx9tToijiwGku5hunwLjxouli"
        + "we9TXji9wFk24m/mwKvRphijw/lzYiluwKjeofulwGcx7ijiwdlSohmfwKv3ZmiiwHlRojdl6r/8k6R1gCYBsd9F0ceANKizHdNgN2ZUTS+4B06/cMUWB07lRF/PgCxos/xRQQGAAC2222222IJVSA"
        + "8/1VVVVVVVVduVVVVVVVVV155mZmZmZmbszzMzMzMzM+cccccccceJJJJJJJJLTp8cccccccfbjeheheheh7Me3EjtxI7fdjCEIQhCEJ7ctyNyNyNyDH4H4H4H4aawawawawcREREREREdefh4eHh4"
        + "eHwm/ZAm/ZAxoNBoNBoNQ2sfJTg2swfgfgfgfgzyRXbDyRXwQcZLVY2I7scXnQxedDGS+0EvtBLtuXy9pUHy9vij39cICj5C/oC/oC/qfdO+amvgkLaocAtqh4ypgMqYDKwhCEIQhCE1Zfg+D4Pg+H"
        + "ffGd/uYgEXux1/KA1/KA5MBMBMBMB24fdPgiwfc4rz/UMAr9wusyKm4Aszuq9g9g9g9767AsCwLAvhdMI8v+z3HZj9jsrI5B98LpWONSASs78MJesU49qMg6RPyk1z3Y8WgOUwYmcTm6/YyKBTYWvk"
        + "9KDZE+A8ECIoUN3qp3QA37avSl4PSl/C/jJ+iaQ9XfhpJhGilepjRiyiKe+012W7rTYM3Yd8Qd8Qd8YUL0c22Tnwv/Kc+b1ybkoPTmQ2HN9/YYF6tyyvG6aoI/9lX/C3FJRgDFJZBBBBBBBNd/4H4H"
        + "4H4PCyGOe/95y78Mt4LcZUN8jy+17ql53Y9g/NFPP4sd9o1/CrjTMwUohJ4tFTIyrkuC8P+AP+AP+bbvRfwugPR8L+J4oCmhn9+G8BwhJtGeNTTuZeZLTZS3orx6Tdj1pVHqMvhw6i4ZE1SHGiUsqe"
        + "4PU2Li5pXiNQqvEB79ahGafi4U62UPM8APM8AbMfyEdZZR3uBaE8AFoT+F2fO+pLZx5HMShWlje/DhxiVldrPEAEAEAEAJh0CfFJLnEdJOVM3Yt2PmBKXlgyjCOtDYkkXUbcOy6gbcQkKV/b1qBPxz"
        + "pub+lkJRsDvt0xRqm/P+VZBB4MkWZmwEKXY4u2b3gPQAAAAAAAAADCX//sW1VVXCqqrnMzNQzMz4OOOECSSWPHHJAvQpg7cSQEIQoG5GsA/AyA1g3AIiJh8PEQCb+oDQaEA2sSAPwJA8kWgCDjQDF5"
        + "4Al9sB8veAKPdAC/ogH3TwAtqoAypkAIQiD8HxACM8gDX/wAmAoB900AK86ACzJAHsGgBYFwATCYD7HsAEraAGEpABB3gDi0QATmoAbC8AE+CABu/APSkgA4xwA0lYAGjMAGu2AO+JAAoWgA/JwAJR"
        + "oAdhkACaqADFLAAghgfwQQAIXIAMt8ACPGAHYJAA77gAzMQAKmYAD/kAejCABxxABvAgANTwANlYAdacAB1OABojABsXgAKoQAM1IADzUA/ISAAtHAAz4gAI5wAcOYACAEADDqAAjrADzBgAI6QANu"
        + "IACQsAH46AAlHAA1TAUIYACDQgQAAGu7u7uSiNwLwEIPAAAAAAAAAAEAAAAAAAAAAAYP4AAAAAAAAABoAAAAAAAAABAAAAAA==";
    private const string Minutes =
        "AWijR8wJGQsBUwAkABQBowEAEADVAQJvACYBIAAG6P///w8+AEUdTAVTVWcQ8AABo1thDwQIgMQRACD7gAYAEAAGjwAE0AAQXQFki769amgALGYAAogphfg5++/gIxgxS1QrBdQAAQBAhEgX8w38w5"
        + "DE4jEgAAYqL4WP4P338wtE5udCwKckOWJkx9xL0d4UFocx0LIPZBaIJUY+iv6yQtJZhjkBBzg/m9O4TLKBkaHp4C1yEIGOI1AOwlsCAGI/IIEXJ4A+jXB/QAgAAAAAAADNd3FOg0jE+HAAAAAABsph"
        + "do9Lxz11YXaPS8c9tMdlOpGW8uVFiKO3sqxqcGspnybO/bfHH0Ouh/hYCdwA11xbMWIbrum7vRATUBxOu3AOn/hf9YhsYdJRTINHjRFFHJ+9oW4xzIhU4NJXRNV/4GupDv5PoddD/CwE7gAGqv4guf"
        + "xrpviC5/GukIahYC6cJHBB9w1DSYUKCD7ghABfe+JZwTSTUgLMf/MAAH4//AZmN9falD/jSpuUlrs8P9fnIkrmEko/0V0InxRQbz/LSbrIg/2MP6/C8IwgB9I/xTwD4H+Nuj/CNTu6UiEbP7/gAc6b"
        + "A6jz+ySSSSSSSS15x+B+B+B+Hqz5Q72vEJQ/Zn0Qz/Yfdqcn9gJ/YCf+vL8HwfB8Hx7cajMvUe3YnZnkBkBkBkBsWq8AWq8Afn+qqqqqqqqrp0yIiIiIiIjr0nzytZYHzzq04tyCn4ItzHKtgHKtgH"
        + "hFUQBFUQBa9PaBrd2Nm7x32/PuCEvp7bzQcit5wH9ALjTYEAAAANq3bKp962UZw4uyWM4LcjUzwYXw6m+BbVTgB3BUgAuA08/8VVVYAAAAN6X//+bbbQkknmfERMREXE7ry8z9t1jPz9AAAAAAAAAA"
        + "MMH/xOxPgADMYnwSzWTx6SOELJT4Q6CjXw2aECDK+kSFkAAEUNIacmIJh5YHHU9BF0oIRQI5AiIBoQb4GMOKIIAQhiCHgg+5F4EbgAhnnEE84gBB8OEIagAI0gANABn/D/SGIIgBB9x/AAAAAAAAAA"
        + "wP7oAAAAP+AAAAAHwAAAAHeAAAAAAAAAAIMH8AAAAAAAAAA0AAAAAAAAAAvAAAAAAAAAAEAA==";

    [Fact]
    public void AChunkOfFormat1_IsReadable() => Assert.True(AnyBlock.AreSame(Samples(), ChunkCodec.Decode(Convert.FromBase64String(Chunk))));

    [Fact]
    public void RollupsOfFormat1_AreReadable() => Assert.True(AnyRollups.AreSame(Rollups.Minutes(Samples(), AnyBlock.IsCounter), RollupCodec.Decode(Convert.FromBase64String(Minutes))));

    /// <summary>Every way in which a column can be written, by formula: no generator of random numbers is the same for ever.</summary>
    private static SampleBlock Samples()
    {
        var noise = 1U;
        var times = new long[100];
        for (var i = 0; i < times.Length; i++) times[i] = AnyBlock.Hour + i * 5_000L + (i > 60 ? 40_000 : 0) + (i % 10 == 3 ? 7 : 0);
        var walk = 500L;
        var counter = 4096L * 1_000;
        return new SampleBlock(
            [.. times],
            [.. times.Select((_, i) => i < 90 ? 5_000 : 1_000)],
            [
                Column(0, i => counter = i == 50 ? 0 : counter + 4096 * Next(64)),
                Column(1, _ => (walk += Next(50) - 25) / 10.0),
                Column(2, i => Next(8) == 0 ? Next(32) / 10.0 : 0),
                Column(3, i => i * 1e17 + 3),
                Column(4, i => i % 7 == 2 ? double.NaN : 42.5),
                Column(5, i => 1.0 / (i + 3)),
                Column(7, i => (float)(1 + 1.0 / (i + 1))),
                Column(8, i => i * i / 100.0),
                Column(9, i => i % 12 == 6 ? i * 0.25 : double.NaN),
                Column(10, _ => double.NaN),
                Column(int.MaxValue, i => i == 70 ? -0.0 : double.Epsilon),
            ]);

        SampleColumn Column(int id, Func<int, double> value) => new(id, [.. Enumerable.Range(0, times.Length).Select(value)]);

        long Next(uint below)
        {
            noise = unchecked(noise * 1_664_525 + 1_013_904_223);
            return (noise >> 8) % below;
        }
    }
}
